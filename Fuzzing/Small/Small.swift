import Checkpoints
import Platform

/// Readers that need no picture, for libFuzzer: LATENT_FUZZ_TARGET names one. In a program of their own, as libFuzzer looks
/// at all the code of a program after every input: in a small one there are ten times as many inputs a second.
private enum Target: String {
  case json
  /// Safetensors in memory: header, tensors.
  case safetensors
}

private let target: Target = {
  let name = getenv("LATENT_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = Target(rawValue: name) else {
    print("LATENT_FUZZ_TARGET: expected json or safetensors, found \(name)")
    exit(64)
  }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  switch target {
  case .json:
    if let value = try? JSONValue(parsing: bytes),
      let again = try? JSONValue(parsing: value.encoded())
    {
      precondition(value == again, "what is written reads back")
    }
  case .safetensors:
    if let file = try? SafetensorsFile(bytes: bytes) {
      let written = file.encoded()
      let again = try? SafetensorsFile(bytes: written)
      precondition(again?.encoded() == written, "what is written reads back")
    }
  }
  return 0
}

private typealias Input = @convention(c) (UnsafePointer<UInt8>, Int) -> Int32

/// libFuzzer's own main, in its runtime.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ input: Input
) -> Int32

/// Where SwiftPM lets an executable of this name begin.
@_cdecl("fuzz_small_main")
public func main(
  _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments, testOneInput)
}
