package packed

import "encoding/binary"

// blobWriter numbers the parts of a segment and makes blobs of them. It holds
// parts back until there are more than one blob's worth of them.
type blobWriter struct {
	sink    Sink
	version byte
	meta    Meta              // Blobs and Bytes
	kinds   []byte            // of the blobs that are written
	parts   [partKinds]int    // how many are complete
	pending [partKinds][]byte // what the next part holds so far
	held    []heldPart
	bytes   int  // of held
	direct  bool // nothing is held any more
}

type heldPart struct {
	kind byte
	data []byte
}

// room ends the pending part of a kind if n more bytes would make it longer
// than limit, and returns the number of the part they will be in.
func (w *blobWriter) room(kind, n, limit int) (part int, err error) {
	if len(w.pending[kind]) > 0 && len(w.pending[kind])+n > limit {
		err = w.end(kind)
	}
	return w.parts[kind], err
}

// end ends the pending part of a kind.
func (w *blobWriter) end(kind int) error {
	data := w.pending[kind]
	w.parts[kind]++
	if w.direct {
		w.pending[kind] = data[:0]
		return w.write(byte(kind), data)
	}
	w.pending[kind] = nil
	w.held = append(w.held, heldPart{byte(kind), data})
	w.bytes += len(data)
	if w.bytes <= smallSegment {
		return nil
	}
	w.direct = true
	for _, h := range w.held {
		if err := w.write(h.kind, h.data); err != nil {
			return err
		}
	}
	w.held, w.bytes = nil, 0
	return nil
}

// write writes a blob.
func (w *blobWriter) write(kind byte, data []byte) error {
	n := w.meta.Blobs
	data = sealBlob(n, kind, w.version, data)
	if kind != rootBlob {
		w.kinds = append(w.kinds, kind)
	}
	w.meta.Blobs++
	w.meta.Bytes += int64(len(data))
	return w.sink(n, data)
}

// finish writes the last blob: parts, then the directory, then its length.
func (w *blobWriter) finish(meta *Meta, index *termIndex) error {
	for kind := range w.pending {
		if n := len(w.pending[kind]); n > smallPart && w.direct {
			if err := w.end(kind); err != nil {
				return err
			}
		} else if n > 0 {
			w.held = append(w.held, heldPart{byte(kind), w.pending[kind]})
			w.parts[kind]++
		}
	}
	var root []byte
	for _, h := range w.held {
		root = append(root, h.data...)
	}
	start := len(root)
	root = appendMeta(root, meta)
	root = binary.AppendUvarint(root, uint64(len(w.kinds)))
	root = append(root, w.kinds...)
	root = binary.AppendUvarint(root, uint64(len(w.held)))
	for _, h := range w.held {
		root = append(root, h.kind)
		root = binary.AppendUvarint(root, uint64(len(h.data)))
	}
	root = index.append(root)
	root = binary.LittleEndian.AppendUint32(root, uint32(len(root)-start))
	if err := w.write(rootBlob, root); err != nil {
		return err
	}
	meta.Version, meta.Blobs, meta.Bytes = w.version, w.meta.Blobs, w.meta.Bytes
	return nil
}
