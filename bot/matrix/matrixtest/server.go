package matrixtest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	serverName = "matrix.test"
	secret     = "of the tests" // lets them register users
	// Password is that of every user.
	Password = "correct horse"
)

// Server is one homeserver with its own files.
type Server struct {
	URL  string // http://127.0.0.1:PORT
	Name string // what stands behind the colon of its users

	bin, dir string
	cmd      *exec.Cmd
	ended    chan struct{} // closed when cmd has ended
}

// Options changes how a Server runs.
type Options struct {
	RateLimit bool // few requests at once, as servers on the Internet do
}

// Start starts a homeserver that ends with the test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{Name: serverName, bin: programs(t), dir: t.TempDir()}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	s.URL = fmt.Sprintf("http://127.0.0.1:%d", port)
	if out, err := exec.CommandContext(t.Context(), filepath.Join(s.bin, "generate-keys"), "-private-key", filepath.Join(s.dir, "key.pem")).CombinedOutput(); err != nil {
		t.Fatalf("generate-keys: %v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "dendrite.yaml"), s.config(o), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	s.Up(t)
	return s
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// config is Dendrite's. Its SQLite dies of SQLITE_BUSY without WAL, and it
// cuts what stands behind a plain "?" off the name of a file; rooms of its
// default version, 12, it cannot make.
func (s *Server) config(o Options) []byte {
	db := func(name string) string {
		return fmt.Sprintf("{connection_string: \"file://%s/%s.db%%3F_journal_mode=WAL&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)\"}", s.dir, name)
	}
	return []byte(strings.NewReplacer(
		"DIR", s.dir, "NAME", s.Name, "SECRET", secret, "LIMITED", fmt.Sprint(o.RateLimit),
		"DB_FEDERATION", db("federation"), "DB_KEYS", db("keys"), "DB_MEDIA", db("media"), "DB_ROOMS", db("rooms"),
		"DB_SYNC", db("sync"), "DB_RELAY", db("relay"), "DB_MSCS", db("mscs"), "DB_USERS", db("users"),
	).Replace(`version: 2
global:
  server_name: NAME
  private_key: key.pem
  disable_federation: true
  trusted_third_party_id_servers: []
  presence: {enable_inbound: false, enable_outbound: false}
  server_notices: {enabled: false}
  report_stats: {enabled: false}
  jetstream: {storage_path: "DIR/js", in_memory: true}
app_service_api: {config_files: []}
client_api:
  registration_disabled: true
  guests_disabled: true
  registration_shared_secret: SECRET
  rate_limiting: {enabled: LIMITED, threshold: 5, cooloff_ms: 500}
federation_api: {database: DB_FEDERATION, key_perspectives: []}
key_server: {database: DB_KEYS}
media_api: {database: DB_MEDIA, base_path: "DIR/media"}
room_server: {default_room_version: "10", database: DB_ROOMS}
sync_api: {database: DB_SYNC}
relay_api: {database: DB_RELAY}
mscs: {database: DB_MSCS}
user_api: {bcrypt_cost: 4, account_database: DB_USERS}
logging: [{type: file, level: warn, params: {path: "DIR/log"}}]
`))
}

// Up starts the server again after Stop, with all that it had.
func (s *Server) Up(t testing.TB) {
	t.Helper()
	s.cmd = exec.Command(filepath.Join(s.bin, "dendrite"), "-config", "dendrite.yaml", "-http-bind-address", strings.TrimPrefix(s.URL, "http://"))
	s.cmd.Dir = s.dir
	said, err := os.Create(filepath.Join(s.dir, "said")) // no memory of the test
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	s.cmd.Stdout, s.cmd.Stderr = said, said
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan struct{}) {
		_ = cmd.Wait()
		close(ended)
	}(s.cmd, s.ended)
	for until := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if err := s.call(t.Context(), http.MethodGet, "/_matrix/client/versions", "", nil, nil); err == nil {
			return
		}
		select {
		case <-s.ended:
			words, _ := os.ReadFile(said.Name())
			t.Fatalf("the homeserver ended:\n%.4000s", words)
		default:
		}
		if time.Now().After(until) {
			t.Fatal("the homeserver does not answer")
		}
	}
}

// Stop ends the server, if it runs, and waits for that.
func (s *Server) Stop() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(10 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.ended
	}
	s.cmd = nil
}

// User is somebody with an account, by a plain client: requests and answers
// are JSON as the specification has them.
type User struct {
	ID     string // @name:matrix.test
	Name   string
	Token  string
	Device string
	server *Server
}

// Register makes a user.
func (s *Server) Register(t testing.TB, name string) *User {
	t.Helper()
	var nonce struct{ Nonce string }
	if err := s.call(t.Context(), http.MethodGet, "/_synapse/admin/v1/register", "", nil, &nonce); err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(strings.Join([]string{nonce.Nonce, name, Password, "notadmin"}, "\x00")))
	u := &User{Name: name, server: s}
	var made struct {
		UserID string `json:"user_id"`
		Token  string `json:"access_token"`
		Device string `json:"device_id"`
	}
	in := map[string]any{"nonce": nonce.Nonce, "username": name, "password": Password, "admin": false, "mac": hex.EncodeToString(mac.Sum(nil))}
	if err := s.call(t.Context(), http.MethodPost, "/_synapse/admin/v1/register", "", in, &made); err != nil {
		t.Fatal(err)
	}
	u.ID, u.Token, u.Device = made.UserID, made.Token, made.Device
	return u
}

// Call makes a request of the client API as u, and reads the answer into out
// unless that is nil. path stands behind /_matrix/client/v3, and with its own
// version, "/v1/…", behind /_matrix/client.
func (u *User) Call(ctx context.Context, method, path string, in, out any) error {
	if !strings.HasPrefix(path, "/v1/") {
		path = "/v3" + path
	}
	return u.server.call(ctx, method, "/_matrix/client"+path, u.Token, in, out)
}

// Refused is an answer that is no success.
type Refused struct {
	Status int
	Code   string `json:"errcode"`
	Text   string `json:"error"`
}

func (e *Refused) Error() string { return fmt.Sprintf("%d %s %s", e.Status, e.Code, e.Text) }

func (s *Server) call(ctx context.Context, method, path, token string, in, out any) error {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, &body)
	if err != nil {
		return err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		e := &Refused{Status: resp.StatusCode}
		_ = json.NewDecoder(resp.Body).Decode(e)
		return e
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// Room is what CreateRoom makes.
type Room struct {
	Name      string
	Invite    []string
	Direct    bool
	Encrypted bool
}

// CreateRoom makes a private room.
func (u *User) CreateRoom(t testing.TB, r Room) (id string) {
	t.Helper()
	in := map[string]any{"preset": "private_chat", "is_direct": r.Direct, "invite": append([]string{}, r.Invite...)}
	if r.Name != "" {
		in["name"] = r.Name
	}
	if r.Encrypted {
		in["initial_state"] = []any{map[string]any{"type": "m.room.encryption", "state_key": "", "content": map[string]any{"algorithm": "m.megolm.v1.aes-sha2"}}}
	}
	var out struct {
		ID string `json:"room_id"`
	}
	if err := u.Call(t.Context(), http.MethodPost, "/createRoom", in, &out); err != nil {
		t.Fatal(err)
	}
	return out.ID
}

// Send sends an event and returns its id; txn is its transaction id.
func (u *User) Send(t testing.TB, room, kind, txn string, content map[string]any) (id string) {
	t.Helper()
	var out struct {
		ID string `json:"event_id"`
	}
	if err := u.Call(t.Context(), http.MethodPut, "/rooms/"+url.PathEscape(room)+"/send/"+url.PathEscape(kind)+"/"+url.PathEscape(txn), content, &out); err != nil {
		t.Fatal(err)
	}
	return out.ID
}

// Event is an event of a room.
type Event struct {
	ID      string         `json:"event_id"`
	Type    string         `json:"type"`
	Sender  string         `json:"sender"`
	Content map[string]any `json:"content"`
	At      int64          `json:"origin_server_ts"`
}

// Body is the plain text of a message.
func (e *Event) Body() string { s, _ := e.Content["body"].(string); return s }

// Thread is the message that e's thread hangs on; empty when it is in none.
func (e *Event) Thread() string {
	r, _ := e.Content["m.relates_to"].(map[string]any)
	if r["rel_type"] != "m.thread" {
		return ""
	}
	s, _ := r["event_id"].(string)
	return s
}

// Messages lists the events of a room, oldest first. It asks for all at once:
// by the page Dendrite leaves events out, and a filter takes the limit away.
func (u *User) Messages(t testing.TB, room string) []Event {
	t.Helper()
	var top struct {
		Chunk []Event `json:"chunk"`
	}
	at := "/rooms/" + url.PathEscape(room)
	if err := u.Call(t.Context(), http.MethodGet, at+"/messages?dir=b&limit=1", nil, &top); err != nil {
		t.Fatal(err)
	}
	if len(top.Chunk) == 0 {
		return nil
	}
	var around struct {
		Before []Event `json:"events_before"`
		Event  Event   `json:"event"`
		After  []Event `json:"events_after"`
	}
	if err := u.Call(t.Context(), http.MethodGet, at+"/context/"+url.PathEscape(top.Chunk[0].ID)+"?filter="+url.QueryEscape(`{"limit":200000}`), nil, &around); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(around.Before)
	return slices.Concat(around.Before, []Event{around.Event}, around.After)
}

// SignIn signs a user in on one more device.
func (s *Server) SignIn(t testing.TB, user string) *User {
	t.Helper()
	u := &User{server: s}
	var made struct {
		UserID string `json:"user_id"`
		Token  string `json:"access_token"`
		Device string `json:"device_id"`
	}
	in := map[string]any{"type": "m.login.password", "identifier": map[string]any{"type": "m.id.user", "user": user}, "password": Password}
	if err := s.call(t.Context(), http.MethodPost, "/_matrix/client/v3/login", "", in, &made); err != nil {
		t.Fatal(err)
	}
	u.ID, u.Token, u.Device = made.UserID, made.Token, made.Device
	return u
}
