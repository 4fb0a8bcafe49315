# The current LTS; any image with Node >= 20.19 on the path will do.
ARG NODE_IMAGE=node:lts-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# The node image's own user, by number: an orchestrator that demands a non-root user can see that this is one.
USER 1000:1000
EXPOSE 1234
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["node", "dist/healthcheck.js"]
# Node itself is process 1, so SIGTERM reaches it and the drain begins.
CMD ["node", "dist/main.js"]
