// Takes a lock file, and holds it until standard input ends. Killed, it leaves the file behind.
package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	path := os.Args[1]
	fmt.Println("waiting")
	for {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o644) // lock
		if err == nil {
			file.Close()
			break
		}
		if !os.IsExist(err) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		time.Sleep(100 * time.Millisecond)
	}
	defer os.Remove(path)
	fmt.Println("inside")
	io.Copy(io.Discard, os.Stdin)
}
