package extract

import "briefdesk/briefs"

func readEPUB(in Input) (briefs.Document, error) { return briefs.Document{}, nil }
