"""The questions in SQL, over two views: `repositories`, with the month of each, and `architectures`."""

from __future__ import annotations

from pathlib import Path

from llm_gallery.census.steps import quoted

FOLLOWED = ("total", "active", "layers", "width", "vocabulary", "context", "cache_bytes_per_token")
"""Numbers whose middle and outer tenths are told by month."""
WINDOW = 6
"""Months in which a family is counted, back from the newest month."""
FADED = 10
"""A family fades where the newest window has at most so many times less than its best one."""
MOST = 1_000
"""Rows of a list that may be as long as the Hub."""


def views(out: Path) -> str:
    """SQL that names the tables of a census."""
    folder = quoted(out)
    return f"""
CREATE VIEW repositories AS SELECT *, CAST(date_trunc('month', created) AS DATE) AS month
FROM read_parquet('{folder}/repositories/*.parquet');
CREATE VIEW architectures AS SELECT *, CAST(date_trunc('month', created) AS DATE) AS month
FROM read_parquet('{folder}/architectures.parquet');
"""


COVERAGE = """
SELECT count(*) AS read, count(*) FILTER (outcome = 'described') AS described,
    count(*) FILTER (outcome = 'refused') AS refused, count(*) FILTER (outcome = 'unreadable') AS unreadable,
    count(*) FILTER (outcome = 'described' AND created IS NOT NULL) AS dated,
    count(*) FILTER (outcome = 'described' AND downloads IS NOT NULL) AS with_downloads,
    count(copy_of) AS copies, count(DISTINCT architecture) AS architectures,
    count(DISTINCT design) AS designs, CAST(min(created) AS DATE) AS first, CAST(max(created) AS DATE) AS newest
FROM repositories
"""
MONTHS = """
SELECT month, count(*) AS models, CAST(coalesce(sum(downloads), 0) AS HUGEINT) AS downloads
FROM repositories WHERE outcome = 'described' AND month IS NOT NULL GROUP BY month ORDER BY month
"""
ADOPTION = """
SELECT concept, month, count(*) AS models, CAST(coalesce(sum(downloads), 0) AS HUGEINT) AS downloads
FROM (SELECT month, downloads, unnest(concepts) AS concept FROM repositories WHERE month IS NOT NULL)
GROUP BY concept, month ORDER BY concept, month
"""
DESIGNS = """
SELECT design, first.family AS family, first.repository AS repository, CAST(first.created AS DATE) AS created,
    first.month AS month, repositories, sizes
FROM (
    SELECT design, CAST(sum(repositories) AS BIGINT) AS repositories, count(*) AS sizes, arg_min(
        {'family': family, 'repository': repository, 'created': created, 'month': month},
        {'created': coalesce(created, 'infinity'), 'architecture': architecture}) AS first
    FROM architectures GROUP BY design
)
"""
NEW = f"SELECT * FROM ({DESIGNS}) WHERE month = $month ORDER BY repositories DESC, design"
COPIED = f"SELECT * FROM ({DESIGNS}) ORDER BY repositories DESC, design LIMIT {MOST}"
NEW_BY_MONTH = f"""
SELECT month, count(*) AS designs FROM ({DESIGNS}) WHERE month IS NOT NULL GROUP BY month ORDER BY month
"""
REFUSED = """
SELECT model_type, count(*) AS repositories, CAST(coalesce(sum(downloads), 0) AS HUGEINT) AS downloads,
    min(reason) AS reason
FROM repositories WHERE outcome = 'refused' GROUP BY model_type
ORDER BY repositories DESC, downloads DESC, model_type
"""
UNREAD = f"""
SELECT key, count(*) AS repositories, count(DISTINCT family) AS families, min(repository) AS repository
FROM (SELECT unnest(unread) AS key, family, repository FROM repositories)
GROUP BY key ORDER BY repositories DESC, key LIMIT {MOST}
"""
SIZES = f"""
SELECT month, count(*) AS architectures,
    {", ".join(f"quantile_disc({name}, [0.1, 0.5, 0.9]) AS {name}" for name in FOLLOWED)}
FROM architectures WHERE month IS NOT NULL GROUP BY month ORDER BY month
"""
FADING = f"""
WITH newest AS (SELECT max(month) AS month FROM repositories),
windows AS (
    SELECT family, datediff('month', repositories.month, newest.month) // {WINDOW} AS back, count(*) AS repositories,
        CAST(max(created) AS DATE) AS last
    FROM repositories, newest WHERE family IS NOT NULL AND repositories.month IS NOT NULL GROUP BY ALL
)
SELECT family, CAST(sum(repositories) AS BIGINT) AS repositories, max(repositories) AS best,
    CAST(coalesce(sum(repositories) FILTER (back = 0), 0) AS BIGINT) AS now, max(last) AS last
FROM windows GROUP BY family HAVING now * {FADED} <= best ORDER BY best DESC, family
"""
