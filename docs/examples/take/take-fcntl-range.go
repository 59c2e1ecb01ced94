// Takes an fcntl lock on byte 0 of a file, and holds it until standard input ends.
package main

import (
	"fmt"
	"io"
	"os"
	"syscall"
)

func main() {
	file, err := os.OpenFile(os.Args[1], os.O_RDWR|os.O_CREATE, 0o644)
	if err == nil {
		defer file.Close()
		fmt.Println("waiting")
		byte0 := syscall.Flock_t{Type: syscall.F_WRLCK, Len: 1}
		err = syscall.FcntlFlock(file.Fd(), syscall.F_SETLKW, &byte0) // lock
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("inside")
	io.Copy(io.Discard, os.Stdin)
}
