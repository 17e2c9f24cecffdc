# The same steps as the Makefile's: a virtual environment, the locked versions, the project itself.
FROM python:3.12-slim AS build
WORKDIR /app
RUN python -m venv .venv
COPY requirements.lock ./
RUN .venv/bin/pip install -qq --disable-pip-version-check --no-cache-dir --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
RUN .venv/bin/pip install -qq --disable-pip-version-check --no-cache-dir --no-deps .

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 needtoknow && mkdir -p /app/data && chown needtoknow /app/data
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY config config
USER needtoknow
# All of the container; the playground stays on loopback all the same.
ENV NTK_SERVER__HOST=0.0.0.0
VOLUME /app/data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD [".venv/bin/python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('NTK_SERVER__PORT', '8080') + '/health', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT [".venv/bin/needtoknow"]
CMD ["run"]
