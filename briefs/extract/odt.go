package extract

import "briefdesk/briefs"

func readODT(in Input) (briefs.Document, error) { return briefs.Document{}, nil }
