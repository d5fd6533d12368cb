package web

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
)

func discard() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// fromHere makes r a request of this machine to this machine, as a server on
// loopback would.
func fromHere(r *http.Request) *http.Request {
	r.Host, r.RemoteAddr = "127.0.0.1:8088", "127.0.0.1:40000"
	return r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8088}))
}
