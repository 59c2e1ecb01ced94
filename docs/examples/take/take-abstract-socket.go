// Takes an abstract name of a Unix socket, and holds it until standard input ends.
package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

func main() {
	fmt.Println("waiting")
	for {
		listener, err := net.Listen("unix", "@"+os.Args[1]) // lock
		if err == nil {
			defer listener.Close()
			break
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		time.Sleep(100 * time.Millisecond)
	}
	fmt.Println("inside")
	io.Copy(io.Discard, os.Stdin)
}
