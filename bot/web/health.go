package web

import "net/http"

func (s *Server) healthRoutes(mux *http.ServeMux) {}
