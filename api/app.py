"""The HTTP application: endpoint, query library and pages over one graph directory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from ..graph.errors import SnapshotDamaged
from ..graph.snapshot import Snapshot, current_snapshot
from ..ontology import ontology_file
from ..queries import Library
from . import failures
from .administering.access import AdminAccess
from .administering.consistency import one_snapshot
from .administering.publication import Publication, Published
from .administering.routes import admin_router
from .answering.cache import AnswerCache
from .answering.counting import note_reply
from .answering.pages import KeptPages, program_digest
from .answering.replies import Remembering, Replies
from .application import Application
from .asking import Asker
from .assistance import METHODS as ASSISTANCE_METHODS
from .assistance import PATH as ASSISTANCE_PATH
from .assistance import Assistance, assistance_router
from .completion import completion_router
from .context import Context
from .course_pages import course_router
from .entity_pages import entity_router
from .errors import WorkerStartError
from .fair_page import fair_router
from .federation.service import Federation
from .file_pages import file_router
from .graph_pages import DescribedGraphs
from .graph_store.endpoint import DIRECT, GraphStore
from .headers import SecurityHeaders
from .heads import HeadAsGet
from .library import library_router
from .links import Links
from .observing.metrics import Metrics
from .observing.middleware import Observed
from .openapi import describe_with
from .pages import page_router
from .problem_pages import problem_router
from .profiles.statistics_page import statistics_router
from .protecting.middleware import RateLimiting
from .search import search_router
from .service_description import Catalogue
from .settings import Settings
from .sparql import SparqlEndpoint
from .templating import Pages, Site, web_folder
from .term_pages import term_router
from .updates.access import UpdateAccess
from .updates.endpoint import Updates
from .updates.writer import Writer
from .void_document import void_router
from .workers.backend import QueryPool
from .workers.pool import WorkerPool
from .workers.process import StoreRef

_DESCRIPTION = (
    "A knowledge graph made from paper abstracts: a SPARQL 1.1 endpoint, a library of queries, "
    "and a page for each paper and resource."
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Where a graph is and who answers from it.

    Attributes:
        snapshot: what is served first.
        pool: answers queries.
        publication: what is served, and how that changes.
        updates: changes, or refuses to.
        graphs: IRIs of the graphs that are there; None asks the pool.
    """

    snapshot: Snapshot
    pool: QueryPool
    publication: Published
    updates: Updates
    graphs: Callable[[], Collection[str]] | None = None


def create_app(directory: Path, settings: Settings, library: Library) -> FastAPI:
    """Make the application for the graph that is published in a directory.

    Query processes start with the application and end with it, so it must be run with its
    lifespan.

    Args:
        directory: graph directory; what is published there later is served from then on.
        settings: limits, workers, CORS.
        library: curated queries.

    Raises:
        NoSnapshot: nothing is published there.
        SnapshotDamaged: what is published is incomplete.
    """
    snapshot = current_snapshot(directory)
    pool = WorkerPool(StoreRef(snapshot.id, snapshot.store), settings)
    publication = Publication(directory, snapshot, pool)
    updates = Updates(
        UpdateAccess(settings.update_secret),
        Writer(directory, settings, publication.refresh),
        settings,
    )
    return assemble(Parts(snapshot, pool, publication, updates), settings, library)


def assemble(parts: Parts, settings: Settings, library: Library) -> FastAPI:
    """Put the application together; see `create_app`."""
    snapshot, pool, publication = parts.snapshot, parts.pool, parts.publication
    site = Site("fairpapers", version("fairpapers"), snapshot.id, snapshot.base)
    pages = Pages(site)
    metrics = Metrics()
    metrics.watch(pool, lambda: publication.snapshot)
    cache = AnswerCache(settings.cache_bytes)
    metrics.watch_cache(cache)
    # The pages of the ontology are made from its files.
    folders = (web_folder(), ontology_file().parent)
    program = " ".join(program_digest(folder, site.version) for folder in folders)
    replies = Replies(
        # Whom a rate limit concerns is in the request, but not for those that are known.
        0 if settings.rate_limit_per_second else settings.cache_bytes // 8,
        lambda: pool.store.edition,
        lambda reply, request_id: note_reply(metrics, settings, cache, reply, request_id),
    )
    context = Context(
        Asker(pool),
        library,
        Links(snapshot.base),
        pages,
        settings,
        site,
        one_snapshot(lambda: publication.snapshot.id),
        Federation(settings),
    )

    def show(served: Snapshot) -> None:
        pages.show(replace(site, snapshot=served.id))
        context.choices.forget()
        cache.forget()

    publication.on_change(show)

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[None]:
        try:
            await publication.start()
        except (WorkerStartError, SnapshotDamaged) as error:
            running.state.fault = error
            raise
        following = asyncio.create_task(publication.follow(settings.reload_seconds))
        try:
            yield
        finally:
            following.cancel()
            await asyncio.wait({following})
            await publication.close()

    app = Application(
        title="fairpapers",
        version=site.version,
        description=_DESCRIPTION,
        lifespan=lifespan,
        # FastAPI's own pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        outer=[
            Middleware(Remembering, replies=replies),
            Middleware(Observed, metrics=metrics, settings=settings),
            Middleware(SecurityHeaders),
            Middleware(RateLimiting, settings=settings),
            Middleware(HeadAsGet),
            Middleware(KeptPages, cache=cache, edition=lambda: f"{pool.store.edition} {program}"),
        ],
    )
    # Why the application did not start, for whoever runs it.
    app.state.fault = None
    app.state.publication = publication
    app.state.pool = pool
    app.state.replies = replies
    catalogue = Catalogue(pool, parts.graphs)
    endpoint = SparqlEndpoint(
        pool, settings, editor="/editor", updates=parts.updates, cache=cache, catalogue=catalogue
    )
    app.answer_at("/sparql", endpoint)
    graphs = GraphStore(endpoint, pool, parts.updates, context.links, settings, known=parts.graphs)
    store = DescribedGraphs(graphs)
    for path in ("/store", f"{DIRECT}{{path:path}}"):
        app.router.routes.append(Route(path, store))
    app.include_router(page_router(context, publication))
    app.include_router(completion_router(context, publication))
    access = AdminAccess(settings.admin_secret, settings)
    app.include_router(admin_router(access, metrics, pool.running))
    app.include_router(assistance_router(context))
    assistance = Assistance(context, publication, pool)
    ways = [each for each in ASSISTANCE_METHODS if each not in ("GET", "HEAD")]
    app.router.routes.append(Route(ASSISTANCE_PATH, assistance, methods=ways))
    app.include_router(library_router(context))
    app.include_router(entity_router(context, catalogue))
    # Before the versions of the ontology, whose path would take theirs.
    app.include_router(file_router(context))
    app.include_router(search_router(context, publication))
    app.include_router(term_router(context))
    app.include_router(problem_router(context))
    app.include_router(fair_router(context))
    app.include_router(course_router(context))
    app.include_router(statistics_router(context))
    app.include_router(void_router(context, catalogue))
    app.include_router(_docs_router(app, pages))
    # In an editable install the files are links into the checkout.
    files = StaticFiles(directory=web_folder() / "static", follow_symlink=True)
    app.mount("/static", files, name="static")
    failures.install(app, pages)
    describe_with(app, library)
    return app


def _docs_router(app: FastAPI, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/docs", include_in_schema=False)
    async def docs(_: Request) -> Response:
        document = app.openapi()
        routes = [
            {
                "method": method.upper(),
                "path": path,
                "summary": operation["summary"],
                "formats": list(operation["responses"].get("200", {}).get("content", ())),
            }
            for path, operations in sorted(document["paths"].items())
            for method, operation in operations.items()
        ]
        return pages.render(
            "docs.html", heading="API", section="/docs", routes=routes, openapi=document["openapi"]
        )

    return router
