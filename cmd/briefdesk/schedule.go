package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
	"briefdesk/store"
)

// previewed is how many slots list and preview show.
const previewed = 5

func (a *app) scheduleCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "List, preview, run, pause and look back at scheduled briefings",
		Long: `Scheduled briefings are those of the configuration, under schedules, and those
that rooms made. briefdesk serve posts them; the commands here look at them and
change them, also while it runs.`,
		Example: "  briefdesk schedule list\n  briefdesk schedule preview weekly-cyber\n  briefdesk schedule history",
		Args:    cobra.ArbitraryArgs,
		RunE:    group,
	}
	cmd.AddCommand(a.scheduleList(), a.schedulePreview(), a.scheduleRun(), a.schedulePause(), a.scheduleResume(),
		a.scheduleHistory(), a.scheduleAdd(), a.scheduleDelete())
	return cmd
}

func (a *app) scheduleList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the schedules, when they are due next and what came of the last time",
		Example: "  briefdesk schedule list\n  briefdesk schedule list --json",
		Args:    exactArgs(0, ""),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, _ []string) error {
			all, err := a.schedules(cmd.Context(), lib)
			if err != nil {
				return err
			}
			return a.printSchedules(all)
		}),
	}
}

func (a *app) schedulePreview() *cobra.Command {
	return &cobra.Command{
		Use:   "preview NAME",
		Short: "Show when a schedule is due next, and the briefing as it would be posted now",
		Long: `Show the next five slots of a schedule, in its time zone and in UTC, and the
briefing as it would be posted now. Nothing is posted and nothing recorded.`,
		Example: "  briefdesk schedule preview weekly-cyber",
		Args:    exactArgs(1, "the name of the schedule"),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			l, err := a.schedule(cmd.Context(), lib, args[0])
			if err != nil {
				return err
			}
			before, err := lib.Deliveries(cmd.Context(), l.ID, 100, briefs.Posted)
			if err != nil {
				return err
			}
			w := schedule.Preview(l.Schedule, l.spec, a.now(), lastComposed(before))
			composed, err := a.newComposer(lib).compose(cmd.Context(), w)
			if err != nil {
				return err
			}
			return a.printPreview(l, composed)
		}),
	}
}

func (a *app) scheduleRun() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "run NAME",
		Short: "Post a briefing now, besides the schedule",
		Long: `Post a briefing of a schedule now. It says that it was run by hand, and uses up
no slot. Rooms named console:… need --console.`,
		Example: "  briefdesk schedule run weekly-cyber\n  briefdesk schedule run desk --console posts.jsonl",
		Args:    exactArgs(1, "the name of the schedule"),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			l, err := a.schedule(cmd.Context(), lib, args[0])
			if err != nil {
				return err
			}
			if l.state == stateUnconfigured {
				return briefs.Fault(briefs.ErrNotFound, "schedule %s was left out of the configuration: add it there again", l.ID)
			}
			all, err := a.connect(cmd.Context(), lib, nil, nil, file)
			if err != nil {
				return err
			}
			defer all.close()
			mux := all.mux()
			if err := mux.Check(cmd.Context(), l.Room); err != nil {
				return err
			}
			runner, err := a.newRunner(lib, mux, nil)
			if err != nil {
				return err
			}
			d, err := runner.RunByHand(cmd.Context(), l.ID, a.now())
			if err != nil {
				return err
			}
			return a.printRun(d)
		}),
	}
	cmd.Flags().StringVar(&file, "console", "", "append what is posted to rooms named console:… to `FILE`")
	return cmd
}

func (a *app) schedulePause() *cobra.Command {
	return &cobra.Command{
		Use:     "pause NAME",
		Short:   "Stop a schedule until it is resumed",
		Long:    "Stop a schedule until it is resumed. What is being posted is finished; slots\nthat come meanwhile are not made up for.",
		Example: "  briefdesk schedule pause weekly-cyber",
		Args:    exactArgs(1, "the name of the schedule"),
		RunE: a.onSchedule(func(cmd *cobra.Command, lib store.Backend, l listed) error {
			changed, err := lib.PauseSchedule(cmd.Context(), l.ID, "by the operator", a.now())
			return a.say(err, changed, "%s is paused.", "%s was paused already.", l.ID)
		}),
	}
}

func (a *app) scheduleResume() *cobra.Command {
	var posted, again bool
	cmd := &cobra.Command{
		Use:   "resume NAME",
		Short: "Let a paused schedule go on, or decide about a held briefing",
		Long: `Let a paused schedule go on from now. Where nobody can tell whether a briefing
was posted, it is held: look in the room, and resume it by its KEY, as history
shows it, with --posted when it is there and --again when it is not.`,
		Example: "  briefdesk schedule resume weekly-cyber\n  briefdesk schedule resume weekly-cyber/2026-11-23T09:00/Europe/Berlin --again",
		Args:    exactArgs(1, "the name of the schedule, or the key of a held briefing"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if posted && again {
				return usage(cmd, "--posted and --again: choose one")
			}
			if posted || again {
				return a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
					err := lib.Release(cmd.Context(), briefs.DeliveryKey(args[0]), posted, a.now())
					return a.say(err, posted, "%s counts as posted; what is left of it follows.", "%s is sent again.", briefs.ScheduleID(args[0]))
				})(cmd, args)
			}
			return a.onSchedule(func(cmd *cobra.Command, lib store.Backend, l listed) error {
				changed, err := lib.ResumeSchedule(cmd.Context(), l.ID, a.now())
				return a.say(err, changed, "%s goes on.", "%s was not paused.", l.ID)
			})(cmd, args)
		},
	}
	cmd.Flags().BoolVar(&posted, "posted", false, "the held briefing stands in its room")
	cmd.Flags().BoolVar(&again, "again", false, "the held briefing does not: send it again")
	return cmd
}

func (a *app) scheduleHistory() *cobra.Command {
	limit := 20
	cmd := &cobra.Command{
		Use:     "history [NAME]",
		Short:   "List what was due, the latest first: posted, late, skipped, held or failed",
		Example: "  briefdesk schedule history\n  briefdesk schedule history weekly-cyber --limit 50",
		Args:    maxArgs(1),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			if limit < 1 {
				return usage(cmd, "--limit: %d is too few: write a number above 0", limit)
			}
			var id briefs.ScheduleID
			if len(args) > 0 {
				id = briefs.ScheduleID(args[0])
			}
			all, err := lib.Deliveries(cmd.Context(), id, limit)
			if err != nil {
				return err
			}
			if id != "" && len(all) == 0 {
				if _, err := a.schedule(cmd.Context(), lib, args[0]); err != nil {
					return err
				}
			}
			return a.printHistory(all)
		}),
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "at most `N`")
	return cmd
}

func (a *app) scheduleAdd() *cobra.Command {
	var room string
	cmd := &cobra.Command{
		Use:   "add --room ROOM TOPIC WHEN",
		Short: "Add a schedule to a room, as the room itself may",
		Long: `Add a schedule to a room, as the room itself may: topics, separated by commas,
then when. It stands in the library, beside those of the configuration.`,
		Example: "  briefdesk schedule add --room slack:C0123 cyber every monday 09:00 Europe/Berlin\n" +
			"  briefdesk schedule add --room console:desk collection:cyber first weekday of the month 08:30",
		Args: minArgs(1, "the topic"),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			if room == "" {
				return usage(cmd, "--room is missing: write for example --room console:desk")
			}
			if err := a.unposted(briefs.RoomID(room)); err != nil {
				return err
			}
			if topics, _, err := schedule.ParseRequest(strings.Join(args, " ")); err == nil {
				if err := a.knownQueries(topics...); err != nil {
					return err
				}
			}
			desk := schedule.NewDesk(lib, func(briefs.RoomID, string) bool { return true }) // the operator may
			s, _, err := desk.Add(cmd.Context(), briefs.RoomID(room), "the operator", strings.Join(args, " "), a.now())
			if err != nil {
				return err
			}
			l, err := a.schedule(cmd.Context(), lib, string(s.ID))
			if err != nil {
				return err
			}
			return a.printSchedules([]listed{l})
		}),
	}
	cmd.Flags().StringVar(&room, "room", "", "the `ROOM` to post to")
	return cmd
}

func (a *app) scheduleDelete() *cobra.Command {
	return &cobra.Command{
		Use:     "delete NAME",
		Short:   "Delete a schedule that a room made",
		Example: "  briefdesk schedule delete cyber@slack:C0123",
		Args:    exactArgs(1, "the name of the schedule"),
		RunE: a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
			l, err := a.schedule(cmd.Context(), lib, args[0])
			if err != nil {
				return err
			}
			if !l.Made && l.state != stateUnconfigured {
				return briefs.Fault(briefs.ErrInvalid, "schedule %s stands in the configuration: take it out there, or pause it", l.ID)
			}
			err = lib.DeleteSchedule(cmd.Context(), l.ID, a.now())
			return a.say(err, true, "%s is deleted.", "", l.ID)
		}),
	}
}

// onSchedule is the RunE of a command that changes a schedule: one of the
// configuration is known to the library first.
func (a *app) onSchedule(fn func(cmd *cobra.Command, lib store.Backend, l listed) error) func(*cobra.Command, []string) error {
	return a.withLibrary(func(cmd *cobra.Command, lib store.Backend, args []string) error {
		l, err := a.schedule(cmd.Context(), lib, args[0])
		if err != nil {
			return err
		}
		runner, err := a.newRunner(lib, bot.Mux{}, nil)
		if err != nil {
			return err
		}
		if err := runner.Adopt(cmd.Context(), a.now()); err != nil {
			return err
		}
		return fn(cmd, lib, l)
	})
}

// say prints one of two lines about a schedule, unless err is set.
func (a *app) say(err error, yes bool, then, otherwise string, id briefs.ScheduleID) error {
	if err != nil {
		return err
	}
	if !yes {
		then = otherwise
	}
	_, err = fmt.Fprintf(a.stdout, then+"\n", clean(string(id)))
	return err
}

// lastComposed is when the latest of deliveries that used up a slot was
// composed.
func lastComposed(all []briefs.Delivery) (at time.Time) {
	for _, d := range all {
		if !d.ByHand && d.Composed.After(at) {
			at = d.Composed
		}
	}
	return at
}
