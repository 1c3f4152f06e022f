// Restores a picture.
//
//   restore denoise MODEL noisy.png clean.png
//   restore inpaint MODEL torn.png hole.png whole.png
//   restore upscale MODEL small.png large.png

import Foundation
import LatentRestoration

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 4 else {
  print("usage: restore denoise|inpaint|upscale MODEL PICTURE [MASK] RESULT")
  exit(64)
}
let restorer = try Restorer(Model.named(arguments[1]))
let picture = try Picture(contentsOf: URL(fileURLWithPath: arguments[2]))
let result: Picture
switch arguments[0] {
case "denoise":
  result = try restorer.denoise(picture, noise: .estimated) { progress in
    print("\(Int(100 * progress.fraction)) %")
  }
case "inpaint":
  result = try restorer.inpaint(picture, mask: PictureMask(Picture(path: arguments[3])))
default:
  result = try restorer.upscale(picture, .factor(2))
}
try result.write(to: URL(fileURLWithPath: arguments[arguments.count - 1]))
