package reader

import "syscall"

// attributes: a child dies with its parent, and stays when the terminal
// interrupts the parent, which then ends it in order.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
