"""LLM Architecture Gallery: figures and exact numbers derived from a model's own config.json.

A figure in two lines, which a notebook shows and `.save("file.pdf")` writes as SVG, PNG or PDF:

    from llm_gallery.catalog import figures
    figures.model("qwen3-next-80b-a3b")  # or .difference("deepseek-v3", "kimi-k2"), .tree(), .poster()
"""
