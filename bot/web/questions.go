package web

import "net/http"

func (s *Server) questionRoutes(mux *http.ServeMux) {}
