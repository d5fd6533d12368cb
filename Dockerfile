# A small image: the static binary, certificates and time zones.
#   docker build -t briefdesk . && docker run --rm -v "$PWD:/data" briefdesk ask "…"
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make release

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /src/dist/briefdesk /briefdesk
WORKDIR /data
VOLUME /data
ENTRYPOINT ["/briefdesk"]
CMD ["--help"]
