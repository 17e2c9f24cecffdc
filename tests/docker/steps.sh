#!/usr/bin/env bash
# Walks the Dockerfile's steps without a Docker engine: the same files, the same RUN lines, then its ENTRYPOINT
# and its HEALTHCHECK. What needs root or an image (useradd, FROM) is left out.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
image=$(mktemp -d)
trap 'kill "${bot:-}" 2>/dev/null || true; rm -rf "$image"' EXIT

# The build context: what .dockerignore lets through, as git knows it.
sed -n 's/^!//p' .dockerignore | xargs git ls-files -co --exclude-standard -- | grep -v '/__pycache__/' \
  | tar -cf - --files-from - | tar -xf - -C "$image"
cd "$image"
steps=$(cat "$OLDPWD/Dockerfile")
grep -E '^RUN (python|\.venv)' <<<"$steps" | sed -e 's/^RUN //' -e "s|^python |$python |" > steps.sh
[ "$(wc -l < steps.sh)" -ge 3 ] || { echo "the Dockerfile's build steps were not found"; exit 1; }
bash -euxo pipefail steps.sh
rm -rf bot # the second stage has the installed package only
du -sh .venv | sed 's/\t.*/ in .venv/'

port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export NTK_SERVER__PORT=$port
.venv/bin/needtoknow check
.venv/bin/needtoknow run 2> log & bot=$!
check=$(sed -n '/^HEALTHCHECK/,/CMD/s/.*"-c", "\(.*\)"\]$/\1/p' <<<"$steps")
[ -n "$check" ] || { echo "the Dockerfile's health check was not found"; exit 1; }
for _ in $(seq 100); do
  .venv/bin/python -c "$check" 2>/dev/null && healthy=yes && break
  kill -0 "$bot" || break
  sleep 0.3
done
[ "${healthy:-}" = yes ] || { cat log; echo "never healthy"; exit 1; }
kill -TERM "$bot"
wait "$bot" || { cat log; echo "did not stop cleanly"; exit 1; }
grep -q '"event": "stopped"' log || { cat log; echo "did not stop"; exit 1; }
echo "The Dockerfile's steps: built, healthy, stopped cleanly."
