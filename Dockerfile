# One image: the web process and the worker differ only in their command.
FROM python:3.12-slim-bookworm AS build
RUN pip install --no-cache-dir "uv>=0.9,<1"
WORKDIR /src
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/tongqu
COPY pyproject.toml uv.lock README.md LICENSE NOTICE ./
RUN uv sync --frozen --no-dev --no-install-project
COPY package.json package-lock.json ./
COPY packs ./packs
COPY src ./src
RUN uv run --frozen --no-dev --no-install-project python src/tongqu/portal/vendor.py \
    && uv sync --frozen --no-dev --no-editable

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/tongqu tongqu
COPY --from=build /opt/tongqu /opt/tongqu
ENV PATH=/opt/tongqu/bin:$PATH TONGQU_HOME=/var/lib/tongqu PYTHONUNBUFFERED=1
USER tongqu
WORKDIR /var/lib/tongqu
VOLUME /var/lib/tongqu
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["tongqu", "serve", "--bind", "0.0.0.0:8000", "--no-jobs"]
