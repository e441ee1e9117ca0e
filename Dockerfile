# The registry's API. It keeps its graph in Neo4j and its shared state in Redis (compose.yaml); the embedded graph of the
# scripts is left out of the image, see scripts/lock.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/credit
COPY requirements-image.lock ./
RUN /opt/credit/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-image.lock
COPY pyproject.toml ./
COPY credit credit
COPY importers importers
RUN /opt/credit/bin/pip install --no-cache-dir --no-index --no-deps --no-build-isolation . \
 && /opt/credit/bin/pip uninstall -y editables hatchling pip

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /var/lib/credit --shell /usr/sbin/nologin credit \
 && install -d -o credit -g credit -m 0700 /var/lib/credit
COPY --from=build /opt/credit /opt/credit
ENV PATH=/opt/credit/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONFAULTHANDLER=1 \
    CREDIT_DATA=/var/lib/credit \
    CREDIT_HOST=0.0.0.0 \
    CREDIT_PORT=8000
USER 10001:10001
WORKDIR /var/lib/credit
# Keys, the first key among them, and what else must outlive the container.
VOLUME /var/lib/credit
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['CREDIT_PORT'] + '/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["credit"]
CMD ["serve", "--no-sample"]
