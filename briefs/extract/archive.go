package extract

import "bytes"

func archiveFormat(data []byte) Format { return "" }

// archiveKind names a ZIP file that is not read, and the mend.
func archiveKind([]byte) (what, mend string) {
	return "a ZIP or office file, which is not read yet", "save it as text or HTML"
}

// oldOfficeKind names a file of the office programs before 2007, and the mend.
func oldOfficeKind(data []byte) (what, mend string) {
	utf16 := func(s string) []byte {
		var out []byte
		for i := range len(s) {
			out = append(out, s[i], 0)
		}
		return out
	}
	switch {
	case bytes.Contains(data, utf16("EncryptedPackage")):
		return "protected with a password", "save it without one"
	case bytes.Contains(data, utf16("WordDocument")):
		return "an old Word document (.doc), which is not read", "save it as .docx"
	case bytes.Contains(data, utf16("PowerPoint Document")):
		return "an old presentation (.ppt), which is not read", "save it as PDF"
	case bytes.Contains(data, utf16("Workbook")):
		return "an old spreadsheet (.xls), which is not read", "save what it says as .docx, PDF or text"
	}
	return "an old office file, which is not read", "save it as .docx or PDF"
}
