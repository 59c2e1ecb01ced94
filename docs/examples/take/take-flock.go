// Takes flock(2) on a file, and holds it until standard input ends.
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
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX) // lock
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("inside")
	io.Copy(io.Discard, os.Stdin)
}
