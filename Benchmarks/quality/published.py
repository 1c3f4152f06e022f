"""Figures from papers, and what latent's own are meant to reach. PSNR in dB, means over a set.

Sources: BM3D, DnCNN and FFDNet as in Zhang, Zuo and Zhang, FFDNet, 2018 (tables on BSD68, and on
Kodak24 cut to 500x500); DRUNet as in Zhang et al., Plug-and-play image restoration with deep
denoiser prior, 2021; super-resolution as in Dong et al. 2016 (bicubic, SRCNN), Kim et al. 2016
(VDSR), Liang et al. 2021 (SwinIR-light).
"""

SIGMAS = [15, 25, 50]

BSD68 = {
    "BM3D": [31.08, 28.57, 25.60],
    "DnCNN": [31.73, 29.23, 26.23],
    "FFDNet": [31.63, 29.19, 26.29],
    "DRUNet": [31.91, 29.48, 26.59],
}

KODAK24 = {
    "CBM3D": [34.28, 31.68, 28.46],
    "DnCNN": [34.60, 32.14, 28.95],
    "FFDNet": [34.63, 32.13, 28.98],
    "DRUNet": [35.31, 32.89, 29.86],
}

# x2, x3, x4 on Y.
SET5 = {
    "bicubic": [33.66, 30.39, 28.42],
    "SRCNN": [36.66, 32.75, 30.49],
    "VDSR": [37.56, 33.67, 31.35],
    "SwinIR-light": [38.14, 34.62, 32.44],
}

SET14 = {
    "bicubic": [30.23, 27.54, 26.00],
    "SRCNN": [32.45, 29.30, 27.50],
    "VDSR": [33.02, 29.77, 27.99],
    "SwinIR-light": [33.86, 30.54, 28.77],
}

BSD68_GOAL = [31.5, 29.05, 26.15]
KODAK24_GOAL = [34.65, 32.05, 28.85]
ESTIMATED_LOSS = 0.15
# PolyU, blind, and what is left of clean pictures.
REAL_GOAL = 38.1
CLEAN_PHOTOGRAPHS = 42
CLEAN_DRAWINGS = 45
# JPEG, libjpeg's quality, and the gain over the decoded picture.
QUALITIES = [10, 20, 30, 40]
JPEG_GAIN = 1.7
INPAINT_MARGIN = {"text": 1, "scratches": 1, "random50": 1.5, "random80": 1.5, "boxes": 0}
SUPER_GOAL = {("set5", 2): 37.0, ("set5", 3): 33.2, ("set5", 4): 30.9,
              ("set14", 2): 32.6, ("set14", 3): 29.4, ("set14", 4): 27.7}
SAMPLES_LOSS = 0.1
# How far the predicted deviation may be from the found one, and the rank correlation by pixel.
CALIBRATION = 0.15
RANK = 0.5
SPEED_RATIO = 30
FFDNET_SPEED_RATIO = 1
PEAK_MEBIBYTES = 1024
LARGE_PEAK_MEBIBYTES = 1229
