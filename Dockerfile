# The static binary and nothing else.
#   docker build -t briefdesk .
#   docker run --rm --user "$(id -u)" -v "$PWD:/data" briefdesk ask "…"
FROM golang:1.26 AS build
ARG VERSION=dev
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make release VERSION="$VERSION" && mkdir /empty

FROM scratch
COPY --from=build /src/dist/briefdesk /briefdesk
COPY --from=build --chmod=1777 /empty /tmp
COPY --from=build --chown=65532:65532 /empty /data
USER 65532:65532
# The compiled reader of PDFs is kept here; without, each start makes it anew.
ENV XDG_CACHE_HOME=/data/.cache
WORKDIR /data
VOLUME /data
ENTRYPOINT ["/briefdesk"]
CMD ["--help"]
