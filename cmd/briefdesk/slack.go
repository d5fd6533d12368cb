package main

// The values of slack.mode.
const (
	slackSocket = "socket"
	slackHTTP   = "http"
)
