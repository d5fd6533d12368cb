package web

import "net/http"

func (s *Server) askRoutes(mux *http.ServeMux) {}
