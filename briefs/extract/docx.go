package extract

import "briefdesk/briefs"

func readDOCX(in Input) (briefs.Document, error) { return briefs.Document{}, nil }
