package extract

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
)

// Limits of an archive. A report of a thousand pages has 40 MB of XML in a few
// dozen parts; what is far above is made to burst its reader.
const (
	maxEntries = 20_000
	maxPart    = 64 << 20  // bytes of one part, unpacked
	maxUnpack  = 256 << 20 // bytes of all parts that are read, unpacked
	maxRatio   = 400       // unpacked to packed, of parts above ratioFrom
	ratioFrom  = 4 << 20
)

// archive is the ZIP file that an office document or a book is. Parts are
// unpacked in memory; no name in it ever becomes one of a file.
type archive struct {
	files map[string]*zip.File
	left  int64 // bytes that may still be unpacked
}

// Faults of archives, as errors go on after the name of the file.
var (
	errDamaged   = errors.New("is damaged or cut short: fetch it again, or open it in the program that made it and save it anew")
	errTooMany   = errors.New("holds more files than any document needs: save it anew, or as text")
	errBomb      = errors.New("grows beyond all measure when it is unpacked: save it anew, or as text")
	errProtected = errors.New("is protected with a password: save it without one")
	errNoPart    = errors.New("lacks a part that it needs: open it in the program that made it and save it anew")
)

// fault words an error of an archive as one line that names the file.
func (in Input) fault(err error) error { return invalid("%s: %v", in.Name, err) }

// openArchive reads the directory of an archive.
func openArchive(data []byte) (*archive, error) {
	// The directory is read whole, however long; its entries are counted first.
	if bytes.Count(data, []byte("PK\x01\x02")) > maxEntries {
		return nil, errTooMany
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, errDamaged
	}
	a := &archive{files: map[string]*zip.File{}, left: maxUnpack}
	for _, f := range r.File {
		if name := partName(f.Name); a.files[name] == nil {
			a.files[name] = f
		}
	}
	return a, nil
}

// partName is how a part is found: names differ in case and in their slashes
// between programs.
func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(s, `\`, "/")), "/"))
}

func (a *archive) has(name string) bool { return a.files[partName(name)] != nil }

// under reports whether a part lies in the folder.
func (a *archive) under(folder string) bool {
	for name := range a.files {
		if strings.HasPrefix(name, folder+"/") {
			return true
		}
	}
	return false
}

// part unpacks one part; errNoPart when there is none of that name.
func (a *archive) part(name string) ([]byte, error) {
	f := a.files[partName(name)]
	switch {
	case f == nil:
		return nil, errNoPart
	case f.Flags&1 != 0:
		return nil, errProtected
	}
	most := min(maxPart, a.left)
	if packed := int64(min(f.CompressedSize64, maxPart)); packed*maxRatio < most {
		most = max(packed*maxRatio, min(ratioFrom, most))
	}
	r, err := f.Open()
	if err != nil {
		return nil, errDamaged
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	a.left -= int64(len(data))
	switch {
	case int64(len(data)) > most:
		return nil, errBomb
	case err != nil:
		return nil, errDamaged
	}
	return data, nil
}

// optional is a part that a document may lack; its faults are passed over,
// but for those made to do harm.
func (a *archive) optional(name string) ([]byte, error) {
	data, err := a.part(name)
	if errors.Is(err, errBomb) {
		return nil, err
	}
	return data, nil
}

// sniffed is how much of a type is looked at.
const sniffed = 200

// kind is the type that an archive says it is of, in its part "mimetype".
func (a *archive) kind() string {
	f := a.files["mimetype"]
	if f == nil || f.Flags&1 != 0 {
		return ""
	}
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	head, _ := io.ReadAll(io.LimitReader(r, sniffed))
	return strings.TrimSpace(string(head))
}

// archiveFormat tells what document a ZIP file is; it is empty when it is
// none that is read.
func archiveFormat(in Input) Format {
	a, err := openArchive(in.Data)
	if err != nil { // its reader says what is wrong
		switch in.ending() {
		case ".docx", ".docm", ".dotx":
			return FormatDOCX
		case ".odt", ".ott":
			return FormatODT
		case ".epub":
			return FormatEPUB
		}
		return ""
	}
	switch kind := a.kind(); {
	case kind == "application/epub+zip":
		return FormatEPUB
	case strings.HasPrefix(kind, "application/vnd.oasis.opendocument.text"):
		return FormatODT
	case kind != "" && strings.HasPrefix(kind, "application/vnd."):
		return ""
	case a.has("META-INF/container.xml") && !a.has("content.xml"):
		return FormatEPUB
	case a.under("word") && a.has("[Content_Types].xml"):
		return FormatDOCX
	}
	return ""
}

// archiveKind names a ZIP file that is not read, and the mend.
func archiveKind(data []byte) (what, mend string) {
	a, err := openArchive(data)
	if errors.Is(err, errTooMany) {
		return "a ZIP archive of too many files", "unpack it and add what is in it"
	}
	if err != nil {
		return "a damaged ZIP or office file", "fetch it again, or open it in the program that made it and save it anew"
	}
	kind := a.kind()
	switch {
	case strings.Contains(kind, "opendocument.spreadsheet"):
		return "a spreadsheet (.ods), which is not read", "save what it says as .odt, PDF or text"
	case strings.Contains(kind, "opendocument.presentation"):
		return "a presentation (.odp), which is not read", "save it as PDF"
	case strings.Contains(kind, "opendocument"):
		return "an OpenDocument file that is no text, which is not read", "save it as PDF"
	case a.under("xl"):
		return "a spreadsheet (.xlsx), which is not read", "save what it says as .docx, PDF or text"
	case a.under("ppt"):
		return "a presentation (.pptx), which is not read", "save it as PDF"
	case a.under("index") && a.under("metadata"):
		return "a document of Apple's programs, which is not read", "export it as .docx or PDF"
	}
	return "a ZIP archive, which is not read", "unpack it and add what is in it"
}

// oldOfficeKind names a file of the office programs before 2007, or one of
// theirs with a password, and the mend.
func oldOfficeKind(data []byte) (what, mend string) {
	has := func(stream string) bool {
		var wide []byte // names of streams are in UTF-16
		for i := range len(stream) {
			wide = append(wide, stream[i], 0)
		}
		return bytes.Contains(data, wide)
	}
	switch {
	case has("EncryptedPackage"):
		return "protected with a password", "save it without one"
	case has("WordDocument"):
		return "an old Word document (.doc), which is not read", "save it as .docx"
	case has("PowerPoint Document"):
		return "an old presentation (.ppt), which is not read", "save it as PDF"
	case has("Workbook"):
		return "an old spreadsheet (.xls), which is not read", "save what it says as .docx, PDF or text"
	}
	return "an old office file, which is not read", "save it as .docx or PDF"
}
