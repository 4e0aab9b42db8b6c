# One image for every process. The command selects it: the API (default), apps/worker/dist/programs/main.js,
# apps/api/src/commands/migrate.ts.
# Not yet built by a Docker engine; tools/release/test/image/image.test.ts executes these instructions without one.
ARG NODE_IMAGE=node:26.10.0-slim

# The manifests alone, so that the layers below stay cached when only sources change.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
ENV CI=true
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps/api/package.json apps/api/
COPY apps/cli/package.json apps/cli/
COPY apps/dashboard/package.json apps/dashboard/
COPY apps/demo/package.json apps/demo/
COPY apps/worker/package.json apps/worker/
COPY packages/client/package.json packages/client/
COPY packages/delivery/package.json packages/delivery/
COPY packages/e2e/package.json packages/e2e/
COPY packages/infrastructure/package.json packages/infrastructure/
COPY packages/local-services/package.json packages/local-services/
COPY packages/test-kit/package.json packages/test-kit/
COPY tools/bench/package.json tools/bench/
COPY tools/chaos/package.json tools/chaos/
COPY tools/model/package.json tools/model/
COPY tools/release/package.json tools/release/
COPY tools/simulation/package.json tools/simulation/

# Builds the database client, the dashboard, and the bundles of the API and the worker, which start in half the time.
FROM manifests AS build
RUN npx -y pnpm@12.21.0 install --frozen-lockfile --prefer-offline
COPY . .
RUN PRISMA_SCHEMA_ENGINE_BINARY=/bin/true npx prisma generate \
 && node apps/dashboard/build/main.ts \
 && node tools/release/src/programs/main.ts

# The running image needs no tools, no second Node, no declarations, and only Postgres' of Prisma's query compilers.
FROM manifests AS production
RUN npx -y pnpm@12.21.0 install --prod --frozen-lockfile --prefer-offline \
      --filter-prod "@ghostpost/api..." --filter-prod "@ghostpost/worker..." \
 && rm -rf node_modules/node-* node_modules/.pnpm/node-linux-* apps/cli apps/dashboard apps/demo \
      packages/client packages/e2e packages/local-services packages/test-kit tools \
 && find node_modules/.pnpm -path '*/@prisma/client/runtime/*' \
      \( -name '*cockroachdb*' -o -name '*mysql*' -o -name '*sqlite*' -o -name '*sqlserver*' \) -delete \
 && find node_modules/.pnpm -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM ${NODE_IMAGE}
ARG VERSION=1.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Ghostpost" \
      org.opencontainers.image.description="Exports visitor profiles, and responds with what really happened." \
      org.opencontainers.image.source="https://github.com/ghostpost/ghostpost" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Early, small garbage collections: at most 256 MB instead of some 370, and no more processor time.
ENV NODE_ENV=production NODE_OPTIONS="--max-semi-space-size=8 --max-old-space-size=128 --v8-pool-size=1" GHOSTPOST_HOST=0.0.0.0 GHOSTPOST_METRICS_HOST=0.0.0.0
WORKDIR /app
COPY --from=production /app ./
COPY --from=build /app/apps/dashboard/dist apps/dashboard/dist
COPY --from=build /app/apps/api/dist apps/api/dist
COPY --from=build /app/apps/worker/dist apps/worker/dist
COPY --from=build /app/packages/infrastructure/src packages/infrastructure/src
COPY packages/delivery/src packages/delivery/src
COPY apps/api/src apps/api/src
COPY apps/worker/src apps/worker/src
COPY prisma/migrations prisma/migrations
COPY LICENSE ./
# A number, so that Kubernetes can check that it is not root; the base image names it "node".
USER 1000:1000
# The API; the metrics of a worker; the metrics of an API process.
EXPOSE 4080 4081 4082
# A container runs one process, the API or a worker: it is healthy if one of the two responds.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=6 \
  CMD ["node", "-e", "const { GHOSTPOST_PORT: api = 4080, GHOSTPOST_WORKER_PORT: worker = 4081 } = process.env; Promise.any([api, worker].map((port) => fetch('http://127.0.0.1:' + port + '/healthz').then((r) => r.ok || Promise.reject(r)))).then(() => process.exit(0), () => process.exit(1))"]
CMD ["node", "apps/api/dist/programs/main.js"]
