#!/usr/bin/env bash
# Opens a draft pull request for each folder that tools/new_releases.py wrote. Usage: tools/open_drafts.sh FOLDER
# A release whose branch exists was offered before, also where its request was closed; where the request can't be
# opened, the branch is taken back, so that it is offered the next time, and the script fails at its end. The figure
# is in the branch's first commit, to which the request links, and not in what would be merged.
set -euo pipefail
catalog=src/llm_gallery/catalog
git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
base=$(git rev-parse HEAD)
failed=0
for folder in "$1"/*; do
  [ -d "$folder" ] || continue
  id=$(basename "$folder")
  branch="release/$id"
  if git ls-remote --exit-code --heads origin "$branch" > /dev/null; then
    echo "$id: offered before"
    continue
  fi
  git switch --quiet --create "$branch" "$base"
  cp "$folder/figure.svg" "$id.svg"
  git add "$id.svg"
  git commit --quiet --message "The figure of $id, as drafted"
  figure="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/raw/$(git rev-parse HEAD)/$id.svg"
  git rm --quiet "$id.svg"
  cp "$folder/entry.toml" "$catalog/models/$id.toml"
  git add "$catalog/models/$id.toml"
  git commit --quiet --message "$id, drafted: lines marked open are to be filled in"
  git push --quiet origin "$branch"
  {
    printf '![Figure of %s](%s)\n\n' "$id" "$figure"
    cat "$folder/report.md"
    if [ -f "$folder/published.toml" ]; then
      printf '\nFor `catalog/published.toml`:\n\n```toml\n'
      cat "$folder/published.toml"
      printf '```\n'
    fi
  } > "$folder/body.md"
  if ! gh pr create --draft --head "$branch" --title "New release: $id" --body-file "$folder/body.md"; then
    echo "$id: its request can't be opened; may Actions create pull requests here?" >&2
    git push --quiet origin --delete "$branch"
    failed=1
  fi
done
git switch --quiet --detach "$base"
exit "$failed"
