# The service: webhooks, panel, worker, scheduler. Locked dependencies; no compiler, no uv in the image that runs.
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/app/.venv UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --locked --no-dev --no-install-project
COPY bot bot
COPY services services
COPY data data
RUN uv sync --locked --no-dev --no-editable

FROM python:3.11-slim-bookworm
# A volume takes its owner from the folder that it covers: where there is none it belongs to root.
RUN useradd --system --uid 10001 --home-dir /var/lib/faro --create-home faro \
    && install --directory --owner=faro --mode=0700 /backups
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH FARO_DATA_DIR=/var/lib/faro FARO_HOST=0.0.0.0 FARO_LOG_FORMAT=json \
    PYTHONDONTWRITEBYTECODE=1
USER faro
WORKDIR /var/lib/faro
VOLUME /var/lib/faro
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["faro", "serve"]
