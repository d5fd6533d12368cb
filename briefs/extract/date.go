package extract

import "briefdesk/briefs"

func looseDate(s string) (briefs.Date, bool) {
	d, err := briefs.ParseDate(s)
	return d, err == nil
}
