package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/briefs"
)

func TestRenewal(t *testing.T) {
	i := newInstalling(t, "T1")
	i.slack.reply = granted("T1", "")
	c, _ := browser()
	if status, page := get(t, c, i.site.URL+InstallPath); status != http.StatusOK {
		t.Fatalf("%d %s", status, page)
	}
	expect := func(want string) {
		t.Helper()
		if token, err := i.Token(t.Context(), "T1"); err != nil || token != want {
			t.Errorf("token %q, %v: want %s", token, err, want)
		}
	}
	i.pass(9 * time.Hour)
	expect("xoxe.xoxb-0")
	i.pass(90 * time.Minute) // and a half hour to go

	i.slack.down = true
	expect("xoxe.xoxb-0") // good still
	i.slack.down = false
	expect("xoxe.xoxb-0") // rests
	i.pass(renewRest)

	var all sync.WaitGroup // of many who ask at once one renews
	for range 20 {
		all.Go(func() { expect("xoxe.xoxb-1") })
	}
	all.Wait()
	if i.slack.renewed != 1 {
		t.Errorf("renewed %d times", i.slack.renewed)
	}

	// Another process that renewed meanwhile is found out.
	other, err := NewInstalls(i.log, i.options("sixteen bytes and more"))
	if err != nil {
		t.Fatal(err)
	}
	i.pass(11 * time.Hour)
	if token, err := other.Token(t.Context(), "T1"); err != nil || token != "xoxe.xoxb-2" {
		t.Errorf("token %q, %v", token, err)
	}
	expect("xoxe.xoxb-2")

	// A process that only looks renews nothing.
	o := i.options("sixteen bytes and more")
	o.KeepTokens = true
	if other, err = NewInstalls(i.log, o); err != nil {
		t.Fatal(err)
	}
	i.pass(11 * time.Hour)
	if token, err := other.Token(t.Context(), "T1"); err != nil || token != "xoxe.xoxb-2" || i.slack.renewed != 2 {
		t.Errorf("token %q, %v, %d renewals", token, err, i.slack.renewed)
	}

	// Expired while Slack was away, and then refused.
	i.pass(2 * time.Hour)
	i.slack.down = true
	if _, err := i.Token(t.Context(), "T1"); !errors.Is(err, briefs.ErrUnavailable) {
		t.Errorf("expired, Slack away: %v", err)
	}
	i.slack.down, i.slack.refresh = false, "another"
	_, err = i.Token(t.Context(), "T1")
	if !errors.Is(err, briefs.ErrInvalid) || !strings.Contains(err.Error(), "install the app again") || strings.Contains(err.Error(), "xox") {
		t.Errorf("expired, refused: %v", err)
	}
}

// A renewed pair that could not be kept at once is used, and kept later: the
// one in the library is worth nothing any more.
func TestRenewalUnkept(t *testing.T) {
	i := newInstalling(t, "T1")
	i.slack.refresh = "xoxe-1-r0"
	if err := i.Put(t.Context(), Install{Team: "T1", Token: "xoxe.xoxb-0", Refresh: "xoxe-1-r0", Expires: i.now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	sick := &sickKeeper{Keeper: i.lib, sick: true}
	i.Installs.o.Keeper = sick
	for range 2 {
		if token, err := i.Token(t.Context(), "T1"); err != nil || token != "xoxe.xoxb-1" {
			t.Errorf("token %q, %v", token, err)
		}
	}
	sick.sick = false
	if _, err := i.Token(t.Context(), "T1"); err != nil {
		t.Error(err)
	}
	if in, err := i.Install(t.Context(), "T1"); err != nil || in.Refresh != "xoxe-1-r1" || i.slack.renewed != 1 {
		t.Errorf("kept %q, %v, %d renewals", in.Refresh, err, i.slack.renewed)
	}
}

// sickKeeper cannot write while it is sick.
type sickKeeper struct {
	Keeper
	sick bool
}

func (k *sickKeeper) Keep(ctx context.Context, name string, value []byte) error {
	if k.sick {
		return briefs.ErrUnavailable
	}
	return k.Keeper.Keep(ctx, name, value)
}

func TestSealed(t *testing.T) {
	i := newInstalling(t)
	in := Install{Team: "T1", Name: "One", Token: "xoxb-secret", Refresh: "xoxe-secret"}
	if err := i.Put(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	kept, err := i.lib.Kept(t.Context(), keptPrefix+"T1")
	if err != nil || strings.Contains(string(kept), "secret") || strings.Contains(string(kept), "One") {
		t.Errorf("kept %q, %v", kept, err)
	}
	if got, err := i.Install(t.Context(), "T1"); err != nil || got != in {
		t.Errorf("opened %q, %v", got.Token, err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", in, in, in, in); strings.Contains(s, "secret") {
		t.Errorf("printed: %s", s)
	}

	// Neither in another's place, nor changed, nor with another key.
	if err := i.lib.Keep(t.Context(), keptPrefix+"T2", kept); err != nil {
		t.Fatal(err)
	}
	changed := append([]byte{}, kept...)
	changed[len(changed)-1] ^= 1
	if err := i.lib.Keep(t.Context(), keptPrefix+"T3", changed); err != nil {
		t.Fatal(err)
	}
	for _, team := range []string{"T2", "T3"} {
		if _, err := i.Install(t.Context(), team); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("%s opens: %v", team, err)
		}
	}
	other, err := NewInstalls(i.log, i.options("another key of enough bytes"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Token(t.Context(), "T1"); !errors.Is(err, briefs.ErrInvalid) || !strings.Contains(err.Error(), "BRIEFDESK_SECRET_KEY") {
		t.Errorf("another key: %v", err)
	}
	for _, short := range []string{"", "fifteen bytes.."} {
		if _, err := NewInstalls(i.log, i.options(short)); !errors.Is(err, briefs.ErrInvalid) || !strings.Contains(err.Error(), "BRIEFDESK_SECRET_KEY") {
			t.Errorf("key %q: %v", short, err)
		}
	}
}
