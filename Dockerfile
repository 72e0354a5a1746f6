# The service: webhooks, web chat, worker, scheduler. Locked dependencies, no compiler in the image that runs.
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/app/.venv
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --locked --no-dev --no-install-project
COPY bot bot
COPY services services
COPY data data
RUN uv sync --locked --no-dev --no-editable

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/faro --create-home faro
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH FARO_DATA_DIR=/var/lib/faro FARO_HOST=0.0.0.0
USER faro
WORKDIR /var/lib/faro
VOLUME /var/lib/faro
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health/live', timeout=2)"
CMD ["faro", "serve"]
