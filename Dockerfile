# Packages for production alone. None of their install scripts is run: the one of the package `node` would download a
# second Node, and better-sqlite3 brings its binaries, while the script npm would run for it asks for Python.
FROM node:24-slim AS installed
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# The script of a track's page, which `npm ci` bundles where scripts run.
FROM installed AS bundle
COPY src src
RUN npm run prepare

# GraphiQL's packages weigh as much as all others, and only these of their files are served. Without optional packages,
# the image does not have the binary of esbuild either. The binary that draws pictures for link previews is optional too,
# as there is one for each system, and of the fonts only two weights are used.
FROM installed AS packages
RUN mkdir /page
RUN cp --parents node_modules/graphiql/package.json node_modules/graphiql/graphiql.min.js \
      node_modules/graphiql/graphiql.min.css node_modules/react/package.json node_modules/react/umd/react.production.min.js \
      node_modules/react-dom/package.json node_modules/react-dom/umd/react-dom.production.min.js /page/ \
  && cp -r --parents node_modules/@resvg /page/ \
  && npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && cp -r /page/node_modules . \
  && find node_modules/@expo-google-fonts -name '*.ttf' ! -path '*/400Regular/*' ! -path '*/700Bold/*' -delete

FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATABASE_URL=file:/data/curriculum.db \
    MALLOC_MMAP_THRESHOLD_=262144
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=bundle /app/dist dist
COPY package.json LICENSE openapi.yaml ./
COPY migrations migrations
COPY schema schema
COPY seed seed
COPY src src
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
# Images in the OCI format have no health check: see docs/runbook.md.
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself is the first process, so that SIGTERM reaches it. It then drains, for up to 15 seconds: see docs/runbook.md.
ENTRYPOINT ["node", "--max-semi-space-size=16", "--heap-growing-percent=50", "src/main.js"]
CMD ["serve"]
