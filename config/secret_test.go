package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecretNeverPrints(t *testing.T) {
	const value = "hunter-two"
	s := Secret{value}
	holder := struct{ S Secret }{s}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "s", s, "h", holder)
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "s", s, "h", holder)
	js, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	all := log.String() + string(js) + s.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		all += fmt.Sprintf(verb, s) + fmt.Sprintf(verb, holder) + fmt.Sprintf(verb, &s)
	}
	if strings.Contains(all, value) || strings.Contains(all, fmt.Sprintf("%x", value)) {
		t.Errorf("secret was printed: %s", all)
	}
	if s.Reveal() != value || !s.Set() || (Secret{}).Set() {
		t.Error("Reveal or Set is wrong")
	}
}

func TestSecretFiles(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	c, err := Load("", env("BRIEFDESK_MATRIX_PASSWORD_FILE", file("ok", " spaced \r\n")))
	if err != nil || c.Secrets.MatrixPassword.Reveal() != " spaced " {
		t.Errorf("got %q, %v", c.Secrets.MatrixPassword.Reveal(), err)
	}
	for name, e := range map[string]func(string) string{
		"both":  env("BRIEFDESK_MATRIX_PASSWORD", "x", "BRIEFDESK_MATRIX_PASSWORD_FILE", file("both", "y")),
		"none":  env("BRIEFDESK_MATRIX_PASSWORD_FILE", filepath.Join(dir, "absent")),
		"empty": env("BRIEFDESK_MATRIX_PASSWORD_FILE", file("empty", "\n")),
		"large": env("BRIEFDESK_MATRIX_PASSWORD_FILE", file("large", strings.Repeat("x", maxSecret+1))),
	} {
		_, err := Load("", e)
		if err == nil || !strings.Contains(err.Error(), "BRIEFDESK_MATRIX_PASSWORD") {
			t.Errorf("%s: error %v does not name the variable", name, err)
		}
	}
}

// Every secret of the contract has its variable, and no key of the file
// shares a name with one.
func TestSecretVariables(t *testing.T) {
	for _, name := range strings.Fields("SLACK_BOT_TOKEN SLACK_APP_TOKEN SLACK_SIGNING_SECRET SLACK_CLIENT_ID SLACK_CLIENT_SECRET MATRIX_PASSWORD MATRIX_ACCESS_TOKEN MATRIX_RECOVERY_KEY MATRIX_PICKLE_KEY SECRET_KEY") {
		asked := map[string]bool{}
		_, err := Load("", func(k string) string { asked[k] = true; return "" })
		if err != nil {
			t.Fatal(err)
		}
		if !asked["BRIEFDESK_"+name] || !asked["BRIEFDESK_"+name+"_FILE"] {
			t.Errorf("BRIEFDESK_%s is not read", name)
		}
	}
}
