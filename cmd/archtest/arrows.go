package archtest

const (
	everything = "*"     // as an arrow: any package of ours
	tests      = "tests" // as a home: every test file and test suite
	tourFile   = "cmd/briefdesk/doc.go"
)

// folders are the top-level folders that may hold code.
var folders = []string{"bot", "briefs", "cmd", "config", "store"}

// arrows says which of our packages each package may import.
var arrows = map[string][]string{
	"briefs":                 {},
	"briefs/text":            {"briefs"},
	"briefs/structure":       {"briefs", "briefs/text"},
	"briefs/fetch":           {"briefs"}, // its error kinds
	"briefs/fetch/fetchtest": {},
	"briefs/extract":         {"briefs", "briefs/text"},
	"briefs/reader":          {"briefs", "briefs/extract"},
	"briefs/ingest":          {"briefs", "briefs/text", "briefs/extract", "briefs/fetch", "briefs/structure"},
	"briefs/follow":          {"briefs", "briefs/extract", "briefs/fetch", "briefs/ingest"},
	"briefs/dispute":         {"briefs", "briefs/text"},
	"briefs/ask":             {"briefs", "briefs/text", "briefs/dispute"},
	"briefs/summary":         {"briefs", "briefs/text", "briefs/dispute", "briefs/ask"},
	"briefs/chart":           {"briefs"},
	"briefs/cite":            {"briefs"},
	"briefs/copies":          {"briefs"},
	"briefs/schedule":        {"briefs"},
	"briefs/eval":            {"briefs", "briefs/text", "briefs/ask", "briefs/summary", "briefs/ingest", "briefs/sample", "briefs/structure", "briefs/extract"},
	"briefs/sample":          {"briefs"},
	"store":                  {"briefs", "store/sqlite"},
	"store/sqlite":           {"briefs", "briefs/text", "briefs/copies", "store/sqlite/packed"},
	"store/sqlite/packed":    {},
	"store/storetest":        {"briefs", "briefs/text", "briefs/structure", "briefs/ask", "briefs/ingest", "briefs/schedule", "bot", "store"},
	"bot":                    {"briefs", "briefs/cite"},
	"bot/slack":              {"briefs", "bot"},
	"bot/matrix":             {"briefs", "bot"},
	"bot/matrix/matrixtest":  {},
	"bot/console":            {"briefs", "bot"},
	"bot/slack/faultserver":  {},
	"bot/chattest":           {"briefs", "briefs/ask", "briefs/extract", "briefs/sample", "briefs/schedule", "briefs/structure", "briefs/summary", "bot", "store", "store/sqlite"},
	"bot/web":                {"briefs", "briefs/text", "briefs/cite", "bot"}, // text: marks the words that a search found
	"bot/web/browsertest":    {"briefs", "bot/web"},
	"bot/web/load":           {"briefs/sample"},
	"config":                 {},
	"cmd/briefdesk":          {everything},
	"cmd/archtest":           {},
}

// suites are packages of tests for others to run: they may import testing.
var suites = []string{"store/storetest", "bot/chattest", "bot/slack/faultserver", "bot/matrix/matrixtest", "briefs/fetch/fetchtest"}

// nested are the modules within ours: programs that measure or serve beside
// what they are named for, with imports of their own. Nothing imports them.
var nested = []string{"bot/matrix/homeserver", "store/sqlite/benchmark"}

// forTests is what test files anywhere may import besides: tests run on real
// parts, not on mocks.
var forTests = []string{
	"briefs", "briefs/text", "briefs/structure", "briefs/extract", "briefs/ingest", "briefs/fetch", "briefs/follow", "briefs/ask", "briefs/chart", "briefs/copies",
	"briefs/eval", "briefs/sample", "briefs/schedule", "briefs/summary", "store", "store/sqlite", "store/storetest", "bot/chattest", "bot/slack/faultserver", "bot/matrix/matrixtest", "briefs/fetch/fetchtest",
}

// homes says where each foreign module, or package of one, may be imported.
var homes = map[string][]string{
	"codeberg.org/readeck/go-readability/v2": {"briefs/extract"},
	"code.dny.dev/ssrf":                      {"briefs/fetch"},
	"github.com/blevesearch/snowballstem":    {"briefs/text", "briefs/eval"},
	"github.com/chromedp/cdproto":            {tests},
	"github.com/chromedp/chromedp":           {tests},
	"github.com/clipperhouse/uax29/v2":       {"briefs/text"},
	"github.com/fsnotify/fsnotify":           {"briefs/follow"},
	"github.com/go-analyze/charts":           {"briefs/chart"},
	"github.com/goccy/go-yaml":               {"config"},
	"github.com/gogs/chardet":                {"briefs/extract"},
	"github.com/google/go-cmp":               {tests},
	"github.com/gorilla/websocket":           {"bot/slack", tests},
	"github.com/klippa-app/go-pdfium":        {"briefs/extract"},
	"github.com/mmcdole/gofeed":              {"briefs/extract"},
	"github.com/prometheus/client_golang":    {"bot/web", "cmd/briefdesk"},
	"github.com/rivo/uniseg":                 {"cmd/briefdesk"},
	"github.com/robfig/cron/v3":              {"briefs/schedule"},
	"github.com/rogpeppe/go-internal":        {tests},
	"github.com/rs/zerolog":                  {"bot/matrix"},
	"github.com/slack-go/slack":              {"bot/slack"},
	"github.com/spf13/cobra":                 {"cmd/briefdesk"},
	"github.com/spf13/pflag":                 {"cmd/briefdesk"},
	"github.com/temoto/robotstxt":            {"briefs/fetch"},
	"github.com/tetratelabs/wazero":          {"briefs/extract"},
	"github.com/vbauerster/mpb/v8":           {"cmd/briefdesk"},
	"github.com/yuin/goldmark":               {"briefs/extract"},
	"go.uber.org/goleak":                     {tests},
	"golang.org/x/net/html":                  {"briefs/extract", "briefs/eval", tests},
	"golang.org/x/term":                      {"cmd/briefdesk"},
	"golang.org/x/text":                      {"briefs/text", "briefs/extract"},
	"go.mau.fi/util":                         {"bot/matrix"},
	"maunium.net/go/mautrix":                 {"bot/matrix"},
	"modernc.org/sqlite":                     {"store/sqlite", "bot/matrix"},
	"pgregory.net/rapid":                     {tests},
}
