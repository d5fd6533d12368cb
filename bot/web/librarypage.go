package web

import "net/http"

func (s *Server) libraryRoutes(mux *http.ServeMux) {}
