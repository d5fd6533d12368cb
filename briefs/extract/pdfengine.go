package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"time"
	"unicode/utf16"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// pdfMemory is how much memory one file may take inside the engine, in pages
// of 64 KiB: 256 MiB, four times the largest file that is read.
const pdfMemory = 4096

// pdfEngine is pdfium, compiled. It sees no file, no network and no clock of
// this machine: only the bytes that it is handed.
type pdfEngine struct {
	pool  pdfium.Pool
	cache wazero.CompilationCache
	seen  *moduleSeer
}

// moduleSeer gets hold of the module that pdfium runs in. The methods of
// go-pdfium look each function up and ask the engine for memory several times
// a character, which takes thirty times as long as calling the functions of
// the module itself.
type moduleSeer struct{ module api.Module }

func (s *moduleSeer) NewFunctionListener(d api.FunctionDefinition) experimental.FunctionListener {
	for _, name := range d.ExportNames() {
		if name == "FPDF_InitLibrary" {
			return experimental.FunctionListenerFunc(func(_ context.Context, m api.Module, _ api.FunctionDefinition, _ []uint64, _ experimental.StackIterator) {
				s.module = m
			})
		}
	}
	return nil
}

// startPDF compiles pdfium, or loads it from cacheDir when an earlier process
// compiled it there. A cache that cannot be used is done without.
func startPDF(cacheDir string) (*pdfEngine, error) {
	if cacheDir != "" {
		if cache, err := wazero.NewCompilationCacheWithDir(cacheDir); err == nil {
			e, err := startPDFWith(cache)
			if err == nil {
				return e, nil
			}
			_ = cache.Close(context.Background())
		}
	}
	return startPDFWith(nil)
}

func startPDFWith(cache wazero.CompilationCache) (*pdfEngine, error) {
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(pdfMemory)
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	e := &pdfEngine{cache: cache, seen: new(moduleSeer)}
	var err error
	e.pool, err = webassembly.Init(webassembly.Config{
		Context:       experimental.WithFunctionListenerFactory(context.Background(), e.seen),
		MaxTotal:      1,
		RuntimeConfig: config,
		FSConfig:      wazero.NewFSConfig(), // no folder of the machine
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
	if err != nil {
		return nil, fmt.Errorf("start the PDF engine: %w", err)
	}
	return e, nil
}

func (e *pdfEngine) close() error {
	err := e.pool.Close()
	if e.cache != nil {
		err = errors.Join(err, e.cache.Close(context.Background()))
	}
	return err
}

// instanceWait is how long a fresh instance may take; it takes milliseconds.
const instanceWait = time.Minute

// pdfFile is one file inside an instance of the engine of its own, so that
// nothing of a file outlives it. The first failure sticks: later calls do
// nothing and return zero.
type pdfFile struct {
	ctx     context.Context
	module  api.Module
	release func()
	funcs   map[string]api.Function
	stack   [8]uint64
	doc     uint64
	form    bool   // it has fields to fill in
	scratch uint32 // scratchSize bytes of the module
	err     error

	fonts     []pdfFont
	fontNames map[string]int
}

const scratchSize = 4096

// Faults of files, as FPDF_GetLastError numbers them.
const (
	pdfFaultFormat   = 3
	pdfFaultPassword = 4
	pdfFaultSecurity = 5
)

// open hands data to a fresh instance. fault is the engine's number of what
// is wrong with the file, 0 with an error of the engine itself.
func (e *pdfEngine) open(ctx context.Context, data []byte) (f *pdfFile, fault uint64, err error) {
	instance, err := e.pool.GetInstance(instanceWait)
	if err != nil {
		return nil, 0, fmt.Errorf("start the PDF engine: %w", err)
	}
	f = &pdfFile{
		ctx: ctx, module: e.seen.module, funcs: map[string]api.Function{}, fonts: []pdfFont{{low: farPoint}}, fontNames: map[string]int{"": 0},
		release: sync.OnceFunc(func() { _ = instance.Close() }),
	}
	f.scratch = uint32(f.call("malloc", scratchSize))
	at := uint32(f.call("malloc", uint64(len(data))))
	if f.err == nil && (f.scratch == 0 || at == 0 || !f.module.Memory().Write(at, data)) {
		f.err = errPDFMemory
	}
	f.doc = f.call("FPDF_LoadMemDocument64", uint64(at), uint64(len(data)), 0)
	if f.err == nil && f.doc == 0 {
		if fault = f.call("FPDF_GetLastError"); fault == 0 {
			fault = pdfFaultFormat
		}
	}
	if f.err != nil || fault != 0 {
		f.close()
		return nil, fault, f.err
	}
	return f, 0, nil
}

// errPDFMemory tells that the engine gave up on a file: it wants more memory
// than it may have, or is built to break its reader.
var errPDFMemory = errors.New("asks for too much memory")

func (f *pdfFile) close() { f.release() }

// call calls an exported function of the module.
func (f *pdfFile) call(name string, args ...uint64) uint64 {
	if f.err != nil {
		return 0
	}
	fn := f.funcs[name]
	if fn == nil {
		if fn = f.module.ExportedFunction(name); fn == nil {
			f.err = fmt.Errorf("the PDF engine has no %s", name)
			return 0
		}
		f.funcs[name] = fn
	}
	f.stack[0] = 0
	copy(f.stack[:], args)
	if err := fn.CallWithStack(f.ctx, f.stack[:]); err != nil {
		f.err = errPDFMemory // a trap: memory ran out or the file broke the reader
		return 0
	}
	return f.stack[0]
}

// integer is the result of a function that returns an int.
func (f *pdfFile) integer(name string, args ...uint64) int { return int(int32(f.call(name, args...))) }

func (f *pdfFile) float32At(i uint32) float64 {
	v, _ := f.module.Memory().ReadFloat32Le(f.scratch + 4*i)
	return finite(float64(v))
}

func (f *pdfFile) float64At(i uint32) float64 {
	v, _ := f.module.Memory().ReadFloat64Le(f.scratch + 8*i)
	return finite(v)
}

// farPoint bounds coordinates, in points: a page has at most 14,400.
const farPoint = 1e6

func finite(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return min(max(v, -farPoint), farPoint)
}

// property reads a text of the document information, such as "Title".
func (f *pdfFile) property(name string) string {
	at := f.scratch + scratchSize - 64
	f.module.Memory().Write(at, append([]byte(name), 0))
	n := f.call("FPDF_GetMetaText", f.doc, uint64(at), uint64(f.scratch), scratchSize-64)
	if f.err != nil || n < 4 || n > scratchSize-64 {
		return ""
	}
	raw, ok := f.module.Memory().Read(f.scratch, uint32(n)&^1)
	if !ok {
		return ""
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		u := uint16(raw[i]) | uint16(raw[i+1])<<8
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return oneLine(string(utf16.Decode(units)))
}
