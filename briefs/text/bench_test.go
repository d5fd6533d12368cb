package text

import (
	"strings"
	"testing"
)

// prose is invented policy English for measuring speed.
const prose = `The ministry announced on Tuesday that export controls on advanced chips would be widened, although officials in
Washington and Brussels had warned that the measures could backfire. “We cannot rule out further steps,” the deputy
minister said. According to figures from the statistics office, shipments fell by 12.5% to $3.4bn in the first quarter,
the steepest decline since 2009. Analysts at the Harbour Lane Institute, an invented think tank, argued that U.S.-China
rivalry, domestic lobbying and the slow pace of negotiations were the main reasons. In its view, neither side has much to
gain from escalation; both governments face elections, weak growth and sceptical voters. Still, the European Union's
commissioner for trade insisted that the talks were not over, and that an agreement remained possible before the summer.
`

func BenchmarkTokens(b *testing.B) {
	s := strings.Repeat(prose, 100)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		Tokens(s)
	}
}

func BenchmarkTerms(b *testing.B) {
	b.SetBytes(int64(len(prose)))
	b.ReportAllocs()
	for b.Loop() {
		Terms(prose)
	}
}

func BenchmarkSentences(b *testing.B) {
	s := strings.Repeat(prose, 100)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		Sentences(s)
	}
}
