package main

import (
	"briefdesk/bot/web"
	"briefdesk/store"
)

// What the pages read, every backend has.
var _ web.Library = store.Backend(nil)
