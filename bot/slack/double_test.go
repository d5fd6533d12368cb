package slack

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/slack-go/slack"
)

// localSlack is installed by .ci/slack.
const localSlack = "../../.bin/slack/node_modules/local-slack-linux-x64/bin/local-slack"

// takePictures takes one of each scene that is shown.
func takePictures(t *testing.T, folder string) {
	all := scenes(t)
	d := newDouble(t, all)
	script, err := os.ReadFile("testdata/draw.js")
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("headless", "new"))
	if path := os.Getenv("BRIEFDESK_CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	for i, s := range all {
		if !slices.Contains(shown, s.name) {
			continue
		}
		data := d.shoot(t, ctx, i, s, string(script))
		if err := os.WriteFile(filepath.Join(folder, "slack-"+s.name+".png"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// double is local-slack, with an app of ours that opens forms.
type double struct {
	address string
	mu      sync.Mutex
	modal   *slack.ModalViewRequest
}

func newDouble(t *testing.T, all []scene) *double {
	t.Helper()
	d := &double{}
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if id := r.PostForm.Get("trigger_id"); id != "" {
			d.mu.Lock()
			view := d.modal
			d.mu.Unlock()
			go d.call(t, "api/views.open", map[string]any{"trigger_id": id, "view": view})
		}
	}))
	t.Cleanup(app.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	d.address = fmt.Sprintf("http://127.0.0.1:%d/", port)
	var config strings.Builder
	fmt.Fprintf(&config, "workspace: { name: Policy desk, domain: policy-desk, teamId: T01DESK }\n"+
		"app: { appId: A01APP, botUserId: U0BOT, botName: briefdesk, botToken: xoxb-test, signingSecret: test, mode: events, requestUrl: %q }\n"+
		"users:\n  - { id: U01ANA, name: ana, real_name: Ana, email: ana@example.com }\nchannels:\n", app.URL+"/slack")
	for i, s := range all {
		fmt.Fprintf(&config, "  - { id: C%d, name: %s, members: [U01ANA, U0BOT] }\n", i, s.name)
	}
	file := filepath.Join(t.TempDir(), "local-slack.yaml")
	if err := os.WriteFile(file, []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, localSlack, "--config", file, "--port", fmt.Sprint(port), "--base-host", "127.0.0.1", "--files-dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: run .ci/slack", err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
	})
	for range 2400 { // two minutes
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			_ = c.Close()
			return d
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("local-slack does not listen")
	return nil
}

func (d *double) call(t *testing.T, method string, args any) {
	body, err := json.Marshal(args)
	if err != nil {
		t.Error(err)
		return
	}
	req, _ := http.NewRequest(http.MethodPost, d.address+method, bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer xoxb-test")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		OK    bool
		Error string
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || !answer.OK {
		t.Errorf("%s: %s %v", method, answer.Error, err)
	}
}

// shoot shows a scene and takes its picture.
func (d *double) shoot(t *testing.T, ctx context.Context, i int, s scene, script string) []byte {
	t.Helper()
	channel := fmt.Sprintf("C%d", i)
	if s.said != "" {
		d.call(t, "_control/message", map[string]any{"channel": channel, "user": "U01ANA", "text": escape(s.said)})
	}
	var blocks []slack.Block
	for _, m := range s.messages {
		d.call(t, "api/chat.postMessage", map[string]any{"channel": channel, "text": m.Text, "blocks": m.Blocks})
		blocks = append(blocks, m.Blocks...)
	}
	button, container, width := s.name, ".messages", int64(760)
	if s.home != nil {
		d.call(t, "api/views.publish", map[string]any{"user_id": "U01ANA", "view": s.home})
		blocks, button, container = s.home.Blocks.BlockSet, "briefdesk", ".home"
	}
	images := map[string]string{}
	for id, data := range s.images {
		images[id] = "data:image/png;base64," + base64.StdEncoding.EncodeToString(data)
	}
	step := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
	}
	js := func(code string) string {
		t.Helper()
		v, err := chromedp.Run(ctx, chromedp.Evaluate[string](code))
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		return v
	}
	step(chromedp.EmulateViewport(width, 900, chromedp.EmulateScale(1.25)), chromedp.Navigate(d.address), chromedp.Sleep(time.Second))
	js(fmt.Sprintf(`[...document.querySelectorAll(".sidebar-item")].filter((e) => e.textContent.replace(/^\W+/, "").startsWith(%q))[0].click(), ""`, button))
	step(chromedp.Sleep(500 * time.Millisecond))
	if s.modal != nil {
		d.mu.Lock()
		d.modal = s.modal
		d.mu.Unlock()
		d.call(t, "_control/command", map[string]any{"channel": channel, "user": "U01ANA", "command": "/show"})
		step(chromedp.Sleep(700 * time.Millisecond))
		blocks, container = s.modal.Blocks.BlockSet, ".modal"
	}
	// Only what is drawn, in full.
	js(`document.head.insertAdjacentHTML("beforeend", "<style>.sidebar,.topbar,.channel-header,.msg-time,.msg-hover-actions{display:none!important}` +
		`*{overflow:visible!important;max-height:none!important}.app,.body,.main,.home,.messages{height:auto!important;display:block!important}` +
		`.modal{position:absolute!important;top:0;left:0;width:520px!important}.bk-section{display:flex;justify-content:space-between;gap:12px}.home{padding:16px 20px!important}</style>"), ""`)
	left := js(fmt.Sprintf("(%s)(document.querySelector(%q), %s, %s)", script, container, jsonText(t, blocks), jsonText(t, images)))
	if left != "" {
		t.Errorf("%s: not drawn: %s", s.name, left)
	}
	step(chromedp.Sleep(200 * time.Millisecond))
	data, err := chromedp.Run(ctx, chromedp.Screenshot(chromedp.CSS(container)))
	if err == nil {
		data, err = small(data)
	}
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	return data
}

// small encodes a PNG again with the 256 colours that most of it has: the
// others are shades between them.
func small(data []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	box, counts := full.Bounds(), map[color.Color]int{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			counts[full.At(x, y)]++
		}
	}
	var few color.Palette = slices.SortedFunc(maps.Keys(counts), func(a, b color.Color) int { return counts[b] - counts[a] })
	out := image.NewPaletted(box, few[:min(len(few), 256)])
	draw.Draw(out, box, full, box.Min, draw.Src)
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&b, out)
	return b.Bytes(), err
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
