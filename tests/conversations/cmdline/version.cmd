# -version and -help: only the first lines count, written by hand since the words are each server's own.
!args -version
<~ $/.*version 10\.0\.2( .*)?/
!lines 1
!exit 0
!args --version
<~ $/.*version 10\.0\.2( .*)?/
!lines 1
!exit 0
!args -help
<~ $/.*version 10\.0\.2( .*)?/
!lines 1
!exit 0
!args -machine none -version -nonsense
<~2 $PROG: -nonsense: invalid option
!exit 1
!args -nonsense -version
<~2 $PROG: -nonsense: invalid option
!exit 1
