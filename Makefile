# Everything here needs Go, and nothing else unless it says so. The tests of the
# pages need Chromium and axe-core too, those of Slack Node.js and packages of
# npm: .ci/browser and .ci/slack install them where they may.

SHARED  ?= $(or $(BRIEFDESK_SHARED),../shared)
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
TOOLS   := $(CURDIR)/.bin

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT     := mvdan.cc/gofumpt@v0.12.0

export BRIEFDESK_SHARED := $(abspath $(SHARED))

# SQLite is C made Go, keeps its memory outside of Go and locks for itself: the
# race detector finds nothing in it, and makes it ten times slower.
RACE := -race -gcflags=modernc.org/libc=-race=false -gcflags=modernc.org/sqlite/lib=-race=false

.PHONY: build test race browser matrix encrypted slack prove bench screenshots eval quality release fmt lint clean

build:
	go build ./...

test: browser slack # needs no C compiler; go fetches the modules itself
	CGO_ENABLED=0 go vet ./...
	CGO_ENABLED=0 go test -timeout 20m $(TESTFLAGS) ./...

race: slack # in random order, without browsers and proofs about data; needs a C compiler
	CGO_ENABLED=1 go test $(RACE) -short -shuffle=on -timeout 20m $(TESTFLAGS) $$(go list ./... | grep -v /browsertest)

browser:
	.ci/browser

slack:
	.ci/slack

prove: browser slack # the long proofs: more kills, larger libraries, everything under the race detector, longer fuzzing
	BRIEFDESK_PROVE=1 go test -count=1 -timeout 60m ./...
	CGO_ENABLED=1 go test -race -count=1 -shuffle=on -timeout 60m ./...
	.ci/fuzz 60s

matrix: # rooms of Matrix on a real homeserver, which is built once, with an independent client
	.ci/matrix
	CGO_ENABLED=0 go vet -tags 'goolm homeserver' ./bot/matrix/... ./cmd/briefdesk
	CGO_ENABLED=0 go test -count=1 -tags 'goolm homeserver' -timeout 20m $(TESTFLAGS) ./bot/matrix/...
	CGO_ENABLED=0 go test -count=1 -tags 'goolm homeserver' -timeout 20m $(TESTFLAGS) -run TestMatrix ./cmd/briefdesk

encrypted: # what is built with encrypted rooms of Matrix, without a homeserver
	CGO_ENABLED=0 go vet -tags goolm ./...
	CGO_ENABLED=0 go test -tags goolm -short -timeout 20m $(TESTFLAGS) $$(.ci/tagged goolm)

bench: # the figures of docs/benchmarks.md
	go test -run '^$$' -bench . -benchmem ./...
	cd store/sqlite/benchmark && go run . -growth -plot ../../../docs/img/growth.svg
	go run ./bot/web/load
	BRIEFDESK_PROVE=1 go test -count=1 -run TestWeightAndFirstPaint -v ./bot/web/browsertest
	BRIEFDESK_PROVE=1 go test -count=1 -run '^TestSlack$$/^load$$' -v ./cmd/briefdesk

screenshots: browser slack # the pictures of README.md, docs/slack.md and docs/matrix.md
	.ci/matrix
	go test -count=1 -run TestPictures ./bot/web/browsertest -pictures $(CURDIR)/docs/img
	unshare -rn sh -c 'ip link set lo up && go test -count=1 -run TestPictures ./bot/slack -pictures $(CURDIR)/docs/img'
	CGO_ENABLED=0 go test -count=1 -tags 'goolm homeserver' -run TestPictures ./bot/matrix -pictures $(CURDIR)/docs/img

eval: # the figures of docs/quality.md; needs zstd
	@for set in retrieval/cranfield retrieval/condqa_snippets answers/clapnq; do d=$(SHARED)/data/$$set; echo "$$set"; \
	  go run ./cmd/briefdesk eval retrieval --docs $$d/docs.jsonl --queries $$d/queries.jsonl --qrels $$d/qrels.tsv; done
	@for set in clapnq selqa policyqa; do echo "$$set"; \
	  go run ./cmd/briefdesk eval answers $(SHARED)/data/answers/$$set/dev.items.jsonl; done
	@set=$$(mktemp -d); zstd -dqf $(SHARED)/data/summaries/qmsum/set.jsonl.zst -o $$set/qmsum.jsonl; \
	  for words in 20 50; do echo "opinosis, $$words words"; \
	    go run ./cmd/briefdesk eval summaries $(SHARED)/data/summaries/opinosis/set.jsonl --words $$words --baselines; done; \
	  for words in 80 150; do echo "qmsum, $$words words"; \
	    go run ./cmd/briefdesk eval summaries $$set/qmsum.jsonl --words $$words --baselines; done; rm -r $$set
	@go run ./cmd/briefdesk eval golden
	@go run ./cmd/briefdesk eval extraction $(SHARED)/data/extraction

quality: # what each mechanism of answering gives and costs: the table of docs/quality.md, from at most 1000 questions a set
	@go run ./cmd/briefdesk eval ablations --most 1000 $(foreach set,retrieval/cranfield retrieval/condqa_snippets answers/clapnq,--retrieval $(SHARED)/data/$(set)) \
	  $(foreach set,clapnq selqa policyqa,--answers $(SHARED)/data/answers/$(set)/dev.items.jsonl)

release: # static, into dist/briefdesk
	CGO_ENABLED=0 go build -buildvcs=auto -tags goolm -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o dist/briefdesk ./cmd/briefdesk

fmt: $(TOOLS)/gofumpt
	$(TOOLS)/gofumpt -w $$(git ls-files '*.go')

lint: $(TOOLS)/staticcheck $(TOOLS)/gofumpt
	@odd=$$($(TOOLS)/gofumpt -l $$(git ls-files '*.go')); test -z "$$odd" || { echo "make fmt would change: $$odd"; false; }
	go mod tidy -diff
	CGO_ENABLED=0 go vet ./...
	CGO_ENABLED=0 $(TOOLS)/staticcheck ./...
	cd store/sqlite/benchmark && CGO_ENABLED=0 go vet ./... && CGO_ENABLED=0 $(TOOLS)/staticcheck ./...

$(TOOLS)/staticcheck:
	CGO_ENABLED=0 GOBIN=$(TOOLS) GOFLAGS= go install $(STATICCHECK)

$(TOOLS)/gofumpt:
	CGO_ENABLED=0 GOBIN=$(TOOLS) GOFLAGS= go install $(GOFUMPT)

clean:
	rm -rf dist .bin
