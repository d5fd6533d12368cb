package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"strings"
)

// Secret holds a token or password. Every way of printing it prints
// REDACTED; only Reveal gives the value.
type Secret struct{ value string }

const redacted = "REDACTED"

// Reveal returns the value, for the one call that needs it.
func (s Secret) Reveal() string { return s.value }

// Set reports whether there is a value.
func (s Secret) Set() bool { return s.value != "" }

func (s Secret) String() string { return redacted }

// GoString keeps %#v from printing the value.
func (s Secret) GoString() string { return redacted }

// Format keeps every other verb from printing the value.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue keeps slog from printing the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps encoders from writing the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Secrets are the values that never stand in the file. The tag is the dotted
// key under which somebody might have put it there.
type Secrets struct {
	SlackBotToken      Secret `secret:"slack.bot_token"`
	SlackAppToken      Secret `secret:"slack.app_token"`
	SlackSigningSecret Secret `secret:"slack.signing_secret"`
	SlackClientID      Secret `secret:"slack.client_id"`
	SlackClientSecret  Secret `secret:"slack.client_secret"`
	MatrixPassword     Secret `secret:"matrix.password"`
	MatrixAccessToken  Secret `secret:"matrix.access_token"`
	MatrixRecoveryKey  Secret `secret:"matrix.recovery_key"`
	MatrixPickleKey    Secret `secret:"matrix.pickle_key"`
	SecretKey          Secret `secret:"secret_key"` // signs links, seals stored tokens
}

// maxSecret bounds a secret file: no token in use is near it, and a wrong
// path (a device, a database) must not be read whole.
const maxSecret = 64 << 10

func loadSecrets(s *Secrets, getenv func(string) string) error {
	var errs []error
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		name := variable(v.Type().Field(i).Tag.Get("secret"))
		value, err := readSecret(name, getenv)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		v.Field(i).Set(reflect.ValueOf(Secret{value}))
	}
	return errors.Join(errs...)
}

func readSecret(name string, getenv func(string) string) (string, error) {
	value, path := getenv(name), getenv(name+"_FILE")
	if path == "" {
		return value, nil
	}
	if value != "" {
		return "", fmt.Errorf("%s: is set, and %s_FILE too: unset one of them", name, name)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w: name a file that can be read", name, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w: name a file that can be read", name, err)
	}
	if len(b) > maxSecret {
		return "", fmt.Errorf("%s_FILE: %s is larger than %d bytes: name the file that holds only the secret", name, path, maxSecret)
	}
	value = strings.TrimRight(string(b), "\r\n")
	if value == "" {
		return "", fmt.Errorf("%s_FILE: %s is empty: write the secret into it", name, path)
	}
	return value, nil
}

// secretKeys maps the dotted key of every secret to its variable.
func secretKeys() map[string]string {
	keys := map[string]string{}
	t := reflect.TypeFor[Secrets]()
	for i := range t.NumField() {
		key := t.Field(i).Tag.Get("secret")
		keys[key] = variable(key)
	}
	return keys
}

// variable is the environment variable of a dotted key.
func variable(key string) string {
	return "BRIEFDESK_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}
