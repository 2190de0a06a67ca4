// Prints what Porcupine, another checker of linearizability, says of histories: a line of JSON for each file.
//
//	go run . published FOLDER   its own published histories: FOLDER/jepsen/*.log and FOLDER/kv/*.txt
//	go run . register FILE...   histories of registers, a line of JSON for each operation
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/anishathalye/porcupine"
)

// A request to an object. Its answer is an answer.
type request struct {
	what     string // read, write, append, or cas
	key      string
	value    string
	expected string // of cas
}

type answer struct {
	known  bool
	failed bool   // of cas
	value  string // of read
}

// The only object's state is its value; "" at first.
func step(state, input, output interface{}) (bool, interface{}) {
	now, asked, told := state.(string), input.(request), output.(answer)
	switch asked.what {
	case "read":
		return !told.known || told.value == now, now
	case "write":
		return true, asked.value
	case "append":
		return true, now + asked.value
	case "cas":
		equal := asked.expected == now
		if told.known && told.failed == equal {
			return false, now
		}
		if equal {
			return true, asked.value
		}
		return true, now
	}
	panic("unknown request " + asked.what)
}

func model() porcupine.Model {
	return porcupine.Model{
		Init: func() interface{} { return "" },
		Step: step,
		Hash: func(state interface{}) uint64 {
			hash := fnv.New64a()
			hash.Write([]byte(state.(string)))
			return hash.Sum64()
		},
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			keys := map[string][]porcupine.Operation{}
			for _, operation := range history {
				key := operation.Input.(request).key
				keys[key] = append(keys[key], operation)
			}
			var parts [][]porcupine.Operation
			for _, part := range keys {
				parts = append(parts, part)
			}
			return parts
		},
	}
}

type verdict struct {
	File         string  `json:"file"`
	Operations   int     `json:"operations"`
	Linearizable bool    `json:"linearizable"`
	Ms           float64 `json:"ms"` // of this process's time on processors
}

func judge(file string, history []porcupine.Operation) {
	began := spent()
	ok := porcupine.CheckOperations(model(), history)
	line, err := json.Marshal(verdict{filepath.Base(file), len(history), ok, float64((spent() - began).Microseconds()) / 1000})
	must(err)
	fmt.Println(string(line))
}

// Time on processors, also of what collects garbage: on a busy machine it says more than the clock.
func spent() time.Duration {
	var used syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func linesOf(file string) []string {
	opened, err := os.Open(file)
	must(err)
	defer opened.Close()
	scanner := bufio.NewScanner(opened)
	scanner.Buffer(nil, 1<<24)
	var lines []string
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	must(scanner.Err())
	return lines
}

// Calls and returns in the order of lines; a call without a return may have happened at any time.
type collector struct {
	history []porcupine.Operation
	open    map[string]int
}

func (c *collector) call(process string, line int, asked request) {
	c.open[process] = len(c.history)
	c.history = append(c.history, porcupine.Operation{
		Input: asked, Call: int64(line), Output: answer{}, Return: math.MaxInt64,
	})
}

func (c *collector) ret(process string, line int, told answer) {
	operation := &c.history[c.open[process]]
	operation.Return, operation.Output = int64(line), told
	delete(c.open, process)
}

func newCollector() *collector { return &collector{open: map[string]int{}} }

var numbers = regexp.MustCompile(`\d+`)

func jepsen(file string) []porcupine.Operation {
	c := newCollector()
	for at, line := range linesOf(file) {
		parts := strings.Fields(strings.SplitN(line, " - ", 2)[1])
		process, kind, what := parts[0], parts[1], parts[2]
		values := numbers.FindAllString(strings.Join(parts[3:], " "), -1)
		switch {
		case kind == ":invoke" && what == ":read":
			c.call(process, at, request{what: "read"})
		case kind == ":invoke" && what == ":write":
			c.call(process, at, request{what: "write", value: values[0]})
		case kind == ":invoke" && what == ":cas":
			c.call(process, at, request{what: "cas", expected: values[0], value: values[1]})
		case kind == ":ok" && what == ":read":
			c.ret(process, at, answer{known: true, value: strings.Join(values, "")})
		case kind == ":ok" && what == ":write":
			c.ret(process, at, answer{known: true})
		case what == ":cas" && (kind == ":ok" || kind == ":fail"):
			c.ret(process, at, answer{known: true, failed: kind == ":fail"})
		case kind == ":fail" && what == ":read":
			c.ret(process, at, answer{})
		case kind != ":info":
			must(fmt.Errorf("%s:%d: %s", file, at+1, line))
		}
	}
	return c.history
}

var keyValue = regexp.MustCompile(`^\{:process (\d+), :type :(\w+), :f :(\w+), :key "(.*)", :value (nil|"(.*)")\}$`)

func kv(file string) []porcupine.Operation {
	c := newCollector()
	names := map[string]string{"get": "read", "put": "write", "append": "append"}
	for at, line := range linesOf(file) {
		found := keyValue.FindStringSubmatch(line)
		if found == nil {
			must(fmt.Errorf("%s:%d: %s", file, at+1, line))
		}
		if found[2] == "invoke" {
			c.call(found[1], at, request{what: names[found[3]], key: found[4], value: found[6]})
		} else {
			c.ret(found[1], at, answer{known: true, value: found[6]})
		}
	}
	return c.history
}

// An operation on a register: instants in microseconds, ended -1 without an answer.
type operation struct {
	Key      int    `json:"key"`
	What     string `json:"what"`
	Value    string `json:"value"`
	Expected string `json:"expected"`
	Failed   bool   `json:"failed"`
	Called   int64  `json:"called"`
	Returned int64  `json:"returned"`
}

func register(file string) []porcupine.Operation {
	var history []porcupine.Operation
	for _, line := range linesOf(file) {
		var one operation
		must(json.Unmarshal([]byte(line), &one))
		asked := request{what: one.What, key: strconv.Itoa(one.Key), value: one.Value, expected: one.Expected}
		told := answer{known: one.Returned >= 0, failed: one.Failed, value: one.Value}
		if !told.known {
			one.Returned = math.MaxInt64
		}
		history = append(history, porcupine.Operation{Input: asked, Call: one.Called, Output: told, Return: one.Returned})
	}
	return history
}

func all(pattern string, parse func(string) []porcupine.Operation) {
	files, err := filepath.Glob(pattern)
	must(err)
	for _, file := range files {
		judge(file, parse(file))
	}
}

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "published":
		all(filepath.Join(os.Args[2], "jepsen", "*.log"), jepsen)
		all(filepath.Join(os.Args[2], "kv", "*.txt"), kv)
	case len(os.Args) > 2 && os.Args[1] == "register":
		for _, file := range os.Args[2:] {
			judge(file, register(file))
		}
	default:
		must(fmt.Errorf("either: published FOLDER; or: register FILE"))
	}
}
