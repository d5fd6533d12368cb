// Command plain measures what SQLite's FTS5 gives by itself, for the tables
// of docs/quality.md: text in rows, the tokeniser "porter unicode61", the
// words of the question joined by OR, order by rank. It uses the measures of
// the product and none of its reading of questions.
//
//	go run ./plain
package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"briefdesk/briefs/eval"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/structure"

	_ "modernc.org/sqlite"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "plain:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	for _, set := range []string{"retrieval/cranfield", "retrieval/condqa_snippets", "answers/clapnq"} {
		if err := retrieval(ctx, set); err != nil {
			return fmt.Errorf("%s: %w", set, err)
		}
	}
	for _, set := range []string{"clapnq", "selqa", "policyqa"} {
		if err := answers(ctx, set); err != nil {
			return fmt.Errorf("%s: %w", set, err)
		}
	}
	return golden(ctx)
}

func shared(path ...string) string {
	root := os.Getenv("BRIEFDESK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	return filepath.Join(append([]string{root, "data"}, path...)...)
}

// table is one FTS5 table in memory.
type table struct{ db *sql.DB }

func newTable() (*table, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // a database in memory belongs to its connection
	_, err = db.Exec(`CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, body, tokenize='porter unicode61')`)
	return &table{db}, err
}

func (t *table) add(id, body string) error {
	_, err := t.db.Exec(`INSERT INTO t(id, body) VALUES(?, ?)`, id, body)
	return err
}

var word = regexp.MustCompile(`[\pL\pN]+`)

// search returns the ids of the rows that hold any word of the question, best
// first.
func (t *table) search(ctx context.Context, question string, limit int) ([]eval.Ranked, error) {
	var words []string
	for _, w := range word.FindAllString(question, -1) {
		words = append(words, `"`+w+`"`)
	}
	if len(words) == 0 {
		return nil, nil
	}
	rows, err := t.db.QueryContext(ctx, `SELECT id, -rank FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?`, strings.Join(words, " OR "), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []eval.Ranked
	for rows.Next() {
		var r eval.Ranked
		if err := rows.Scan(&r.Document, &r.Score); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func retrieval(ctx context.Context, set string) error {
	t, err := newTable()
	if err != nil {
		return err
	}
	defer t.db.Close()
	f, err := os.Open(shared(set, "docs.jsonl"))
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var d struct{ ID, Title, Text string }
		if err := json.Unmarshal(sc.Bytes(), &d); err != nil {
			return err
		}
		if err := t.add(d.ID, d.Title+"\n"+d.Text); err != nil {
			return err
		}
	}
	qf, err := os.Open(shared(set, "queries.jsonl"))
	if err != nil {
		return err
	}
	defer qf.Close()
	queries, err := eval.ReadQueries(qf)
	if err != nil {
		return err
	}
	rf, err := os.Open(shared(set, "qrels.tsv"))
	if err != nil {
		return err
	}
	defer rf.Close()
	qrels, err := eval.ReadQrels(rf)
	if err != nil {
		return err
	}
	measured, err := eval.MeasureRetrieval(ctx, queries, qrels, t.search, nil)
	if err != nil {
		return err
	}
	m := measured.Retrieval()
	fmt.Printf("%-28s queries %4d  nDCG@10 %.3f  MAP %.3f  R@100 %.3f  MRR %.3f\n", set, m.Queries, m.NDCG10, m.MAP, m.R100, m.MRR)
	return nil
}

func answers(ctx context.Context, set string) error {
	f, err := os.Open(shared("answers", set, "dev.items.jsonl"))
	if err != nil {
		return err
	}
	defer f.Close()
	items, err := eval.ReadItems(f)
	if err != nil {
		return err
	}
	measured, err := eval.MeasureScores(items, func(it eval.Item) ([]float64, error) {
		t, err := newTable()
		if err != nil {
			return nil, err
		}
		defer t.db.Close()
		for i, s := range it.Sentences {
			if err := t.add(fmt.Sprint(i), s); err != nil {
				return nil, err
			}
		}
		ranked, err := t.search(ctx, it.Question, len(it.Sentences))
		if err != nil {
			return nil, err
		}
		scores := make([]float64, len(it.Sentences))
		for _, r := range ranked {
			var i int
			if _, err := fmt.Sscan(string(r.Document), &i); err != nil {
				return nil, err
			}
			scores[i] = 1 + r.Score
		}
		return scores, nil
	})
	if err != nil {
		return err
	}
	m := measured.Answers()
	fmt.Printf("%-28s items   %4d  MAP %.3f  MRR %.3f  F1 %.3f (always answering)\n", set, m.Items, m.MAP, m.MRR, m.F1)
	return nil
}

// golden puts every quotable sentence of the sample library into a row and
// takes the best five as the answer.
func golden(ctx context.Context) error {
	t, err := newTable()
	if err != nil {
		return err
	}
	defer t.db.Close()
	sentences := map[string]string{}
	for _, f := range sample.Documents() {
		d, err := extract.Document(f.Name, f.Data)
		if err != nil {
			return err
		}
		structure.Analyze(&d)
		for _, b := range d.Blocks {
			if !b.Role.Quotable() {
				continue
			}
			for _, s := range b.Sentences {
				id := fmt.Sprintf("%s#%d", f.Name, s.Start)
				sentences[id] = d.Slice(s)
				if err := t.add(id, d.Slice(s)); err != nil {
					return err
				}
			}
		}
	}
	questions, err := sample.Golden()
	if err != nil {
		return err
	}
	var answerable, recall, complete, first float64
	for _, q := range questions {
		if !q.Answerable {
			continue
		}
		answerable++
		ranked, err := t.search(ctx, q.Question, 5)
		if err != nil {
			return err
		}
		found := 0
		for _, want := range q.Required {
			for _, r := range ranked {
				if strings.HasPrefix(string(r.Document), want.Doc+"#") && strings.Contains(sentences[string(r.Document)], want.Text) {
					found++
					break
				}
			}
		}
		recall += float64(found) / float64(len(q.Required))
		if found == len(q.Required) {
			complete++
		}
		for _, want := range append(append([]sample.Sentence{}, q.Required...), q.Acceptable...) {
			if len(ranked) > 0 && strings.HasPrefix(string(ranked[0].Document), want.Doc+"#") && strings.Contains(sentences[string(ranked[0].Document)], want.Text) {
				first++
				break
			}
		}
	}
	fmt.Printf("%-28s questions %d  recall@5 %.3f  complete %.3f  first %.3f  silent 0\n", "golden", len(questions), recall/answerable, complete/answerable, first/answerable)
	return nil
}
