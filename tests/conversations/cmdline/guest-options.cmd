# Options about the process and the machine that is not there: what is wrong with them.

!args -machine none -display none -nodefaults -add-fd fd=1
<~2 $PROG: -add-fd fd=1: fd cannot be a standard I/O stream
!exit 1

!args -machine none -display none -nodefaults -add-fd fd=x,set=1
<~2 $PROG: -add-fd fd=x,set=1: Parameter 'fd' expects a number
!exit 1

!args -machine none -display none -nodefaults -add-fd set=1
<~2 $PROG: -add-fd set=1: fd option is required and must be non-negative
!exit 1

!args -machine none -display none -nodefaults -add-fd fd=99,set=1
<~2 $PROG: -add-fd fd=99,set=1: fd is not valid or already in use
!exit 1

!args -machine none -display none -nodefaults -add-fd fd=0,set=1
<~2 $PROG: -add-fd fd=0,set=1: fd cannot be a standard I/O stream
!exit 1

!args -machine none -display none -nodefaults -global foo
<~2 $PROG: -global foo: warning: short-form boolean option 'foo' deprecated
<~2 Please use foo=on instead
<~2 $PROG: -global foo: Invalid parameter 'foo'
!exit 1

!args -machine none -display none -nodefaults -global foo.bar
<~2 $PROG: -global foo.bar: warning: short-form boolean option 'foo.bar' deprecated
<~2 Please use foo.bar=on instead
<~2 $PROG: -global foo.bar: Invalid parameter 'foo.bar'
!exit 1

!args -machine none -display none -nodefaults -global driver=x
<~2 $PROG: -global driver=x: options 'driver', 'property', and 'value' are required
!exit 1

!args -machine none -display none -nodefaults -sandbox foo
<~2 $PROG: -sandbox foo: Parameter 'enable' expects 'on' or 'off'
!exit 1

!args -machine none -display none -nodefaults -sandbox on,foo=bar
<~2 $PROG: -sandbox on,foo=bar: Invalid parameter 'foo'
!exit 1

!args -machine none -display none -nodefaults -sandbox off -vga x
<~2 $PROG: unknown vga type: x
!exit 1

!args -machine none -display none -nodefaults -trace enable=foo,bar
<~2 $PROG: -trace enable=foo,bar: warning: short-form boolean option 'bar' deprecated
<~2 Please use bar=on instead
<~2 $PROG: -trace enable=foo,bar: Invalid parameter 'bar'
!exit 1

!args -machine none -display none -nodefaults -msg foo
<~2 $PROG: -msg foo: warning: short-form boolean option 'foo' deprecated
<~2 Please use foo=on instead
<~2 $PROG: -msg foo: Invalid parameter 'foo'
!exit 1

!args -machine none -display none -nodefaults -msg timestamp=x
<~2 $PROG: -msg timestamp=x: Parameter 'timestamp' expects 'on' or 'off'
!exit 1

!args -machine none -display none -nodefaults -uuid x
<~2 $PROG: -uuid x: failed to parse UUID string: wrong format
!exit 1

!args -machine none -display none -nodefaults -rtc foo
<~2 $PROG: -rtc foo: warning: short-form boolean option 'foo' deprecated
<~2 Please use foo=on instead
<~2 $PROG: -rtc foo: Invalid parameter 'foo'
!exit 1

!args -machine none -display none -nodefaults -rtc base=x
<~2 $PROG: invalid datetime format
<~2 valid formats: '2006-06-17T16:01:21' or '2006-06-17'
!exit 1

!args -machine none -display none -nodefaults -rtc clock=x
<~2 $PROG: invalid option value 'x'
!exit 1

!args -machine none -display none -nodefaults -action foo=bar
<~2 $PROG: -action foo=bar: Invalid parameter 'foo'
!exit 1

!args -machine none -display none -nodefaults -action reboot=foo
<~2 $PROG: -action reboot=foo: Parameter 'reboot' does not accept value 'foo'
!exit 1

!args -machine none -display none -nodefaults -watchdog-action x
<~2 $PROG: -watchdog-action x: Parameter 'watchdog' does not accept value 'x'
!exit 1

!args -machine none -display none -nodefaults -g 12
<~2 $PROG: -g 12: Option not supported for this target
!exit 1

!args -machine none -display none -nodefaults -m x
<~2 $PROG: -m x: Parameter 'size' expects a non-negative number below 2^64
<~2 Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-
<~2 and exabytes, respectively.
!exit 1

!args -machine none -display none -nodefaults -m 1x
<~2 $PROG: -m 1x: Parameter 'size' expects a non-negative number below 2^64
<~2 Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-
<~2 and exabytes, respectively.
!exit 1

!args -machine none -display none -nodefaults -m size=1G,slots=1
<~2 $PROG: slots specified but no max-size
!exit 1

!args -machine none -display none -nodefaults -seed foo
<~2 $PROG: -seed foo: Invalid seed number: foo
!exit 1

!args -machine none -display none -nodefaults -overcommit x
<~2 $PROG: -overcommit x: warning: short-form boolean option 'x' deprecated
<~2 Please use x=on instead
<~2 $PROG: -overcommit x: Invalid parameter 'x'
!exit 1

!args -machine none -display none -nodefaults -compat x
<~2 $PROG: -compat x: Expected '=' after parameter 'x'
!exit 1

!args -machine none -display none -nodefaults -compat deprecated-input=x
<~2 $PROG: -compat deprecated-input=x: Parameter 'deprecated-input' does not accept value 'x'
!exit 1

!args -machine none -display none -nodefaults -run-with x
<~2 $PROG: -run-with x: warning: short-form boolean option 'x' deprecated
<~2 Please use x=on instead
<~2 $PROG: -run-with x: Invalid parameter 'x'
!exit 1

!args -machine none -display none -nodefaults -prom-env x
<~2 $PROG: -prom-env x: Option not supported for this target
!exit 1

!args -machine none -display none -nodefaults -semihosting
<~2 $PROG: -semihosting: Option not supported for this target
!exit 1

!args -machine none -display none -nodefaults -old-param
<~2 $PROG: -old-param: Option not supported for this target
!exit 1

!args -machine none -display none -nodefaults -iscsi x=y
<~2 $PROG: -iscsi x=y: Invalid parameter 'x'
!exit 1

!args -machine none -display none -nodefaults -audiodev x
<~2 $PROG: -audiodev x: Parameter 'id' is missing
!exit 1

!args -machine none -display none -nodefaults -audio x
<~2 $PROG: -audio x: Parameter 'driver' does not accept value 'x'
!exit 1

!args -machine none -display none -nodefaults -initrd x
<~2 $PROG: -initrd only allowed with -kernel option
!exit 1

!args -machine none -display none -nodefaults -append x
<~2 $PROG: -append only allowed with -kernel option
!exit 1

!args -machine none -display none -nodefaults -s -vga x
<~2 $PROG: unknown vga type: x
!exit 1

!args -machine none -display none -nodefaults -preconfig -vga x
<~2 $PROG: unknown vga type: x
!exit 1

!args -machine none -display none -nodefaults -no-fd-bootchk -vga x
<~2 $PROG: unknown vga type: x
!exit 1

!args -machine none -display none -nodefaults -netdev x
<~2 $PROG: -netdev x: Parameter 'id' is missing
!exit 1

!args -machine none -display none -nodefaults -netdev user
<~2 $PROG: -netdev user: Parameter 'id' is missing
!exit 1

!args -machine none -display none -nodefaults -nic x
<~2 $PROG: -nic x: Parameter 'type' does not accept value 'x'
!exit 1

!args -machine none -display none -nodefaults -net x
<~2 $PROG: -net x: Parameter 'type' does not accept value 'x'
!exit 1

!args -machine none -display none -nodefaults -net none -vga x
<~2 $PROG: unknown vga type: x
!exit 1

!args -machine none -display none -nodefaults -L /x -vga x
<~2 $PROG: unknown vga type: x
!exit 1

!args -machine none -display none -nodefaults -full-screen -vga x
<~2 $PROG: unknown vga type: x
!exit 1

!args -machine none -display none -nodefaults -display x
<~2 $PROG: -display x: Parameter 'type' does not accept value 'x'
!exit 1

!args -machine none -display none -nodefaults -display none,x=y
<~2 $PROG: -display none,x=y: Parameter 'x' is unexpected
!exit 1

!args -machine none -display none -nodefaults -shim x
<~2 $PROG: -shim only allowed with -kernel option
!exit 1

!args -machine none -display none -nodefaults -only-migratable -vga x
<~2 $PROG: unknown vga type: x
!exit 1

!args -machine none -display none -nodefaults -daemonize -nonsense
<~2 $PROG: -nonsense: invalid option
!exit 1

!args -machine none -display none -nodefaults -snapshot -vga x
<~2 $PROG: unknown vga type: x
!exit 1

!args -machine none -display none -nodefaults -no-reboot -vga x
<~2 $PROG: unknown vga type: x
!exit 1

!args -machine none -display none -nodefaults -jitdump -perfmap -vga x
<~2 $PROG: unknown vga type: x
!exit 1

