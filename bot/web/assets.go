package web

import "net/http"

func (s *Server) assetRoutes(mux *http.ServeMux) {}

// asset is the address of an asset by its name, such as "page.css".
func (s *Server) asset(name string) string { return s.base + "/assets/" + name }
