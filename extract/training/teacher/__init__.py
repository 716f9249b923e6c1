"""A teacher for the recogniser: a small transformer, fine-tuned here, that labels abstracts.

Needed for development only. What imports torch, safetensors or tokenizers is in `encoder`, `tagger`,
`fine_tuning`, `labelling` and `commands`; README.md of the folder above says how to get them.
"""
