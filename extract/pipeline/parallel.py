"""Extraction in several processes: chunks of papers out, chunks of records back, in order.

Each worker is started afresh, with no copy of this process, loads a pipeline of its own, and talks
through a pipe that only it and this process hold: whichever of the two ends, the other is told by
the end of the pipe. A chunk is one batch of the pipeline, so that the records are those that one
process makes.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeAlias, cast

from ..errors import WorkerEndedError
from ..papers import Paper
from ..records import Record
from .extraction import BATCH, extract_records, load_pipeline

# Chunks read ahead for each worker, so that one slow chunk does not leave the others idle.
_AHEAD = 3
# Each worker keeps to one processor; together they would ask for the square of what there is.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

_Chunk: TypeAlias = tuple[int, list[Paper]]


@dataclass(frozen=True, slots=True)
class PipelineChoice:
    """What `load_pipeline` is to load, in a form that can be sent to a process."""

    model: Path | None = None
    rules_only: bool = False
    accurate: Path | bool = False


class WorkerFaultError(RuntimeError):
    """The pipeline raised in a worker; the message is the worker's traceback."""


def extract_in_processes(
    papers: Iterable[Paper], choice: PipelineChoice, workers: int, *, batch_size: int = BATCH
) -> Generator[Record, None, None]:
    """Yield the record of each paper, in order, as `extract_records` does, by several processes.

    At most ``workers * (1 + _AHEAD)`` batches are held at a time, and no more processes are started
    than there are batches. Closing the generator, or an exception in the middle, ends them; close
    it with `contextlib.closing`.

    Args:
        papers: read as they are needed.
        choice: the pipeline that each process loads.
        workers: number of processes, at least 1.
        batch_size: papers in a chunk.

    Raises:
        WorkerEndedError: a process was killed or could not start.
        WorkerFaultError: the pipeline raised on a paper, as it would have here.
    """
    waiting = iter(papers)
    chunks = enumerate(iter(lambda: list(islice(waiting, batch_size)), []))
    first = list(islice(chunks, workers))
    with _running(choice, len(first), batch_size) as pool:
        yield from _in_order(chain(first, chunks), pool)


def _in_order(chunks: Iterator[_Chunk], pool: Sequence[_Worker]) -> Iterator[Record]:
    idle, busy = list(pool), dict[Connection, _Worker]()
    done: dict[int, list[Record]] = {}
    following = 0
    while True:
        # Nothing is sent far ahead of what the caller has taken, so what is held stays bounded.
        while idle and len(busy) + len(done) < len(pool) * (1 + _AHEAD):
            chunk = next(chunks, None)
            if chunk is None:
                break
            worker = idle.pop()
            worker.send(chunk)
            busy[worker.connection] = worker
        if following in done:
            yield from done.pop(following)
            following += 1
        elif busy:
            for connection in wait(list(busy)):
                worker = busy.pop(cast(Connection, connection))
                number, records = worker.receive()
                done[number] = records
                idle.append(worker)
        else:
            return


@dataclass(frozen=True, slots=True)
class _Worker:
    """One process and this side of its pipe; at any time at most one chunk is on its way."""

    process: BaseProcess
    connection: Connection

    def send(self, chunk: _Chunk) -> None:
        try:
            self.connection.send(chunk)
        except OSError as error:
            raise self._ended() from error

    def receive(self) -> tuple[int, list[Record]]:
        try:
            number, answer = self.connection.recv()
        except (EOFError, OSError) as error:
            raise self._ended() from error
        if isinstance(answer, str):
            raise WorkerFaultError(f"in a worker process:\n\n{answer}")
        return number, answer

    def _ended(self) -> WorkerEndedError:
        self.process.join()
        return WorkerEndedError(self.process.exitcode)


@contextmanager
def _running(choice: PipelineChoice, workers: int, batch_size: int) -> Iterator[list[_Worker]]:
    """Start the processes; when the block is left, none is there any more."""
    pool: list[_Worker] = []
    try:
        with _for_children():
            while len(pool) < workers:
                pool.append(_start(choice, batch_size))
        yield pool
    except BaseException:
        for worker in pool:
            worker.process.terminate()
        raise
    finally:
        for worker in pool:
            worker.connection.close()
        for worker in pool:
            worker.process.join()
            worker.process.close()


def _start(choice: PipelineChoice, batch_size: int) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, choice, batch_size), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def _for_children() -> Iterator[None]:
    """Let processes that are started within the block use one processor and leave Ctrl+C to us.

    A signal that is blocked stays blocked in them from their first moment; here it is delivered
    when the block is left.
    """
    # Starting its tracker with the first process, multiprocessing would unblock the signal again.
    resource_tracker.ensure_running()
    added = {name: "1" for name in _ONE_THREAD if name not in os.environ}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection, choice: PipelineChoice, batch_size: int) -> None:
    """Answer chunks until the other side closes the pipe or ends."""
    try:
        nlp = load_pipeline(choice.model, rules_only=choice.rules_only, accurate=choice.accurate)
        while True:
            number, papers = connection.recv()
            try:
                found = extract_records(papers, nlp, batch_size=batch_size)
                answer: list[Record] | str = list(found)
            except Exception:
                answer = traceback.format_exc()
            connection.send((number, answer))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
