package web

import "net/http"

func (s *Server) archiveRoutes(mux *http.ServeMux) {}
