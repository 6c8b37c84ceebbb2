# Sourced by mvnw and the Makefile: exports JAVA_HOME as a JDK 25.
# JAVA_HOME as given wins when it is 25 or newer; otherwise the places where package managers,
# version managers and installers put JDKs on Linux and macOS are searched. PATH's java comes last.
headroom_jdk_major() { # prints the major version of the JDK in $1, nothing when it is no JDK
  [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

headroom_find_jdk() {
  headroom_given=$(headroom_jdk_major "${JAVA_HOME:-/nonexistent}")
  [ "${headroom_given:-0}" -ge 25 ] && return 0
  for headroom_jdk in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "$HOME"/.jdks/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jenv/versions/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.jbang/cache/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /nonexistent/bin/javac)")")")"; do
    if [ "$(headroom_jdk_major "$headroom_jdk")" = 25 ]; then
      JAVA_HOME=$headroom_jdk
      export JAVA_HOME
      return 0
    fi
  done
  echo "Headroom needs a JDK 25 and found none${JAVA_HOME:+ (JAVA_HOME=$JAVA_HOME is ${headroom_given:-no JDK})}." >&2
  echo "Install one (Debian/Ubuntu: apt install openjdk-25-jdk or temurin-25-jdk; Fedora: dnf install java-25-openjdk-devel;" >&2
  echo "macOS: brew install openjdk@25; anywhere: sdk install java 25-tem), or set JAVA_HOME to where it lies." >&2
  return 1
}

headroom_find_jdk || exit 1
