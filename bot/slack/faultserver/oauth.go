package faultserver

import (
	"maps"
	"slices"
	"strings"
)

// rotated is how long a rotating token is good, in seconds
// (https://docs.slack.dev/authentication/using-token-rotation).
const rotated = 43200

// Code makes a code that an admin's consent would give.
func (s *Server) Code() (code string) {
	s.lock(func() {
		code = s.name("code-")
		s.codes[code] = true
	})
	return code
}

// access serves oauth.v2.access: an installation, or a new token for an old.
func (s *Server) access(_ *token, args arguments) (map[string]any, error) {
	if args.text("client_id") != ClientID {
		return nil, fail("invalid_client_id")
	}
	if args.text("client_secret") != ClientSecret {
		return nil, fail("bad_client_secret")
	}
	if args.text("grant_type") == "refresh_token" {
		for name, t := range s.tokens {
			if t.refresh == args.text("refresh_token") && t.refresh != "" {
				delete(s.tokens, name)
				return s.grant(t.scopes), nil
			}
		}
		return nil, fail("invalid_refresh_token")
	}
	if !s.codes[args.text("code")] {
		return nil, fail("invalid_code")
	}
	delete(s.codes, args.text("code"))
	return s.grant(set(s.o.Scopes)), nil
}

// grant makes a token. The lock is held.
func (s *Server) grant(scopes map[string]bool) map[string]any {
	name, refresh := s.name("xoxe.xoxb-fault-"), s.name("xoxe-fault-")
	s.tokens[name] = &token{team: Team, scopes: scopes, refresh: refresh}
	return map[string]any{
		"access_token": name, "refresh_token": refresh, "expires_in": rotated, "token_type": "bot", "bot_user_id": Bot, "app_id": App, "scope": strings.Join(slices.Sorted(maps.Keys(scopes)), ","),
		"team": map[string]any{"id": Team, "name": "Fault"}, "enterprise": nil, "is_enterprise_install": false, "authed_user": map[string]any{"id": "U0ADMIN"},
	}
}

// uninstall serves apps.uninstall and auth.revoke.
func (s *Server) uninstall(t *token, _ arguments) (map[string]any, error) {
	t.revoked = "token_revoked"
	return map[string]any{"revoked": true}, nil
}
